/** A login of Znuny's; the password comes from a variable and is shown nowhere. */
export type Account = { readonly login: string; readonly password: string };

/**
 * The Znuny that is accepted, and what it offers beyond the least. Of the least: the web service with the
 * operations, an agent that has rw on two queues, and the states and priorities that Znuny is installed with.
 * What is undefined here is skipped there, with its flag as the reason.
 */
export type Target = {
  readonly url: string;
  readonly webService: string;
  /** the agent that the suite and the daemon log in as */
  readonly bot: Account;
  readonly sourceQueue: string;
  readonly targetQueue: string;
  /** login, or an address that is none */
  readonly customerUser: string;
  /** another agent, with rw on all queues that are named here: acts as the person, and as the portal */
  readonly agent?: Account;
  /** URL of the agents' index.pl, where tickets are entered by hand */
  readonly agentInterface?: string;
  /** a queue below the target queue */
  readonly subQueue?: string;
  /** the bot has ro only */
  readonly readOnlyQueue?: string;
  /** the bot has move_into only */
  readonly moveIntoQueue?: string;
  /** the bot has no right */
  readonly forbiddenQueue?: string;
  /** Ticket::Type is on */
  readonly type?: string;
  /** Ticket::Service is on, and the customer may have it */
  readonly service?: string;
  /** an SLA of that service */
  readonly sla?: string;
  /** Ticket::Responsible is on */
  readonly responsible?: true;
  /** names of dynamic fields of tickets, and keys of theirs */
  readonly textField?: string;
  readonly dropdownField?: { readonly name: string; readonly keys: readonly string[] };
  readonly multiselectField?: { readonly name: string; readonly keys: readonly string[] };
  readonly dateField?: string;
  readonly checkboxField?: string;
  /** of articles */
  readonly articleField?: string;
  /** web services: as Znuny's sample has it; with reads by GET only; with a small MaxLength; with KeepAlive; invalid; with an add-on's TicketDelete */
  readonly sampleService?: string;
  readonly getOnlyService?: string;
  readonly smallService?: { readonly name: string; readonly maxLength: number };
  readonly keepAliveService?: string;
  readonly invalidService?: string;
  readonly deleteService?: string;
  /** queues Unclassified, IT-Infrastructure and Accounting of the guide's config.yaml are the bot's */
  readonly guideQueues?: true;
  /** Znuny calls http://127.0.0.1:PORT/webhook with this header on TicketCreate */
  readonly webhook?: { readonly port: number; readonly header: string; readonly secret: string };
};

/** What a Znuny may lack, each with the flag that names it and what it has to be. */
export const OPTIONAL = {
  agent: ['--agent LOGIN --agent-password-env NAME', 'another agent with rw on all queues of this suite'],
  agentInterface: ['--agent-interface URL', "the agents' index.pl, to enter a phone ticket by hand"],
  subQueue: ['--sub-queue NAME', 'a queue below the target queue, with the same rights'],
  readOnlyQueue: ['--read-only-queue NAME', 'a queue where the bot has ro only'],
  moveIntoQueue: ['--move-into-queue NAME', 'a queue where the bot has move_into only'],
  forbiddenQueue: ['--forbidden-queue NAME', 'a queue where the bot has no right'],
  type: ['--type NAME', 'a ticket type (Ticket::Type is on)'],
  service: ['--service NAME', 'a service that the customer may have (Ticket::Service is on)'],
  sla: ['--sla NAME', 'an SLA of that service'],
  responsible: ['--responsible', 'Ticket::Responsible is on'],
  textField: ['--text-field NAME', 'a dynamic field of tickets, type text'],
  dropdownField: [
    '--dropdown-field NAME=KEY,KEY',
    'a dynamic field of tickets, type dropdown, with two of its keys',
  ],
  multiselectField: [
    '--multiselect-field NAME=KEY,KEY',
    'a dynamic field of tickets, type multiselect, with two of its keys',
  ],
  dateField: ['--date-field NAME', 'a dynamic field of tickets, type date / time'],
  checkboxField: ['--checkbox-field NAME', 'a dynamic field of tickets, type checkbox'],
  articleField: ['--article-field NAME', 'a dynamic field of articles, type text'],
  sampleService: ['--sample-web-service NAME', 'a web service with the routes of GenericTicketConnectorREST'],
  getOnlyService: ['--get-only-web-service NAME', 'a web service whose reads are offered by GET only'],
  smallService: ['--small-web-service NAME=BYTES', 'a web service whose MaxLength is that small'],
  keepAliveService: ['--keep-alive-web-service NAME', 'a web service with KeepAlive'],
  invalidService: ['--invalid-web-service NAME', 'a web service that is set invalid'],
  deleteService: [
    '--delete-web-service NAME',
    "a web service with an add-on's TicketDelete; stock Znuny has none",
  ],
  guideQueues: [
    '--guide-queues',
    'queues Unclassified, IT-Infrastructure and Accounting, with rw for the bot',
  ],
  webhook: [
    '--webhook-port PORT --webhook-header NAME --webhook-secret-env NAME',
    'a requester that calls http://127.0.0.1:PORT/webhook on TicketCreate',
  ],
} as const satisfies { readonly [Key in OptionalKey]: readonly [flag: string, what: string] };

export type OptionalKey = {
  [Key in keyof Target]-?: undefined extends Target[Key] ? Key : never;
}[keyof Target];
