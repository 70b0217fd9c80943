import type { Change } from './changes.ts';
import type { User } from './store.ts';

/** What forms with RequiredLock do when they open. */
export function claim(change: Change, agent: User): void {
  change.setLock(true);
  change.setOwner(agent.id);
}
