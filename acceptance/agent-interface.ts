import type { Account, Target } from './target.ts';

/** Enters phone tickets at the agents' interface, the way a person does; null where it is not named. */
export function enterPhoneTicket({
  agent,
  agentInterface,
  sourceQueue,
  customerUser,
}: Target): ((subject: string) => Promise<number>) | null {
  if (agentInterface === undefined || agent === undefined) return null;
  return async (subject) => {
    const browser = new Browser(agentInterface);
    await browser.logIn(agent);
    const form = await browser.get('Action=AgentTicketPhone');
    const queueId = optionValue(form, 'Dest', (text) => text.trim() === sourceQueue);
    const made = await browser.post({
      Action: 'AgentTicketPhone',
      Subaction: 'StoreNew',
      ChallengeToken: hidden(form, 'ChallengeToken'),
      FormID: hidden(form, 'FormID'),
      FromCustomer: '',
      CustomerSelected: '1',
      CustomerKey_1: customerUser,
      CustomerTicketText_1: customerUser,
      CustomerTicketCounterFromCustomer: '1',
      SelectedCustomerUser: customerUser,
      CustomerUserID: customerUser,
      TypeID: optionValue(form, 'TypeID', () => true, ''),
      Dest: queueId,
      Subject: subject,
      Body: 'Entered by hand.',
      // By id, since names are in the agent's language: new, or as installed only open.
      NextStateID: optionValue(form, 'NextStateID', (_, value) => ['1', '4'].includes(value)),
      PriorityID: optionValue(form, 'PriorityID', (_, value) => value === '3'),
    });
    const id = /TicketID=(\d+)/.exec(made)?.[1];
    if (id === undefined) throw new Error("the agents' interface made no phone ticket");
    return Number(id);
  };
}

/** Cookies and forms; no scripts run. */
class Browser {
  readonly #index: string;
  #cookie = '';

  constructor(index: string) {
    this.#index = index;
  }

  async logIn({ login, password }: Account): Promise<void> {
    const answer = await this.#send({ Action: 'Login', User: login, Password: password });
    await answer.text();
    // A refused login is a page; an accepted one leads on, with the session's cookie.
    if (answer.status !== 302) throw new Error("the agents' interface refused the agent");
  }

  async get(query: string): Promise<string> {
    const answer = await fetch(`${this.#index}?${query}`, { headers: { cookie: this.#cookie } });
    return answer.text();
  }

  /** Where the answer leads to, and its page. */
  async post(fields: Readonly<Record<string, string>>): Promise<string> {
    const answer = await this.#send(fields);
    return `${answer.headers.get('location') ?? ''}\n${await answer.text()}`;
  }

  async #send(fields: Readonly<Record<string, string>>): Promise<Response> {
    const answer = await fetch(this.#index, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: this.#cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields),
    });
    const fresh = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    const set = fresh.filter((cookie) => !cookie.endsWith('='));
    if (set.length > 0) this.#cookie = set.join('; ');
    return answer;
  }
}

function hidden(page: string, name: string): string {
  const input = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(page)?.[0] ?? '';
  return /value="([^"]*)"/.exec(input)?.[1] ?? '';
}

/** The value of a select's option whose text fits. */
function optionValue(
  page: string,
  name: string,
  fits: (text: string, value: string) => boolean,
  otherwise?: string,
): string {
  const select = new RegExp(`<select[^>]*name="${name}"[^>]*>([\\s\\S]*?)</select>`).exec(page)?.[1] ?? '';
  for (const [, value = '', text = ''] of select.matchAll(/<option[^>]*value="([^"]*)"[^>]*>([^<]*)</g)) {
    if (value !== '' && value !== '||-' && fits(text, value)) return value;
  }
  if (otherwise !== undefined) return otherwise;
  throw new Error(`the phone ticket's form has no such ${name}`);
}
