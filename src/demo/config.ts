import { BOT, SOURCE_QUEUE } from './world.ts';

/** The demo's config.yaml: the guide's, with one rule a group, and waits short enough to watch. `priority`: set by each rule. */
export function demoConfig(url: string, priority?: string): string {
  const action = priority === undefined ? '' : `, priority: "${priority}"`;
  return `connector:
  type: znuny
  url: ${url}
  username: ${BOT.login}
  password: "\${DEMO_PASSWORD}"
  settle_seconds: 1
intake:
  lookback_hours: 1
  poll: { interval_seconds: 1 }
routing:
  default_queue: "${SOURCE_QUEUE}"
  max_changes_per_hour: 0
  rules:
    - { category: [Network, Server], queue: "IT-Infrastructure"${action} }
    - { category: IT, queue: "IT-Service"${action} }
    - { category: Billing, queue: "Accounting"${action} }
    - { category: Support, queue: "Customer-Service"${action} }
journal: { path: ./triaged.db }
server: { listen: "127.0.0.1:0" }
log: { level: info }
`;
}
