import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURE_PASSWORD } from './fixture.ts';
import { Simulator } from './simulator.ts';
import { call, ids, send } from './test-client.ts';

describe('TicketSearch', () => {
  const now = Date.UTC(2026, 10, 24, 8);
  let sim: Simulator;
  beforeEach(async () => {
    sim = new Simulator({ now: () => now });
    await sim.start();
  });
  afterEach(() => sim.stop());

  const search = async (data: Record<string, unknown>) => ids(await call(sim, 'TicketSearch', data));
  const mail = (minutesAgo: number, more: { queue?: string; priority?: string } = {}) =>
    String(
      sim.receiveMail({ subject: `${minutesAgo} minutes ago`, createdAt: now - minutesAgo * 60_000, ...more })
        .id,
    );

  it('finds nothing for an unknown queue, state, sort key or date, even beside good ones', async () => {
    mail(1);
    expect(await search({ Queues: ['Raw'] })).toHaveLength(1);
    for (const wrong of [
      { Queues: ['Raw', 'Nope'] },
      { States: ['new', 'nope'] },
      { SortBy: 'Nonsense' },
      { SortBy: ['Age', 'TicketNumber'], OrderBy: 'Up' },
      { TicketCreateTimeNewerDate: '2026-11-23T00:00:00Z' },
    ]) {
      expect((await call(sim, 'TicketSearch', wrong)).body).toEqual({});
    }
  });

  it('takes minutes with a fraction, includes the bound, and finds nothing for 0', async () => {
    const young = mail(2.5);
    const old = mail(3);
    expect(await search({ TicketCreateTimeNewerMinutes: 2.5 })).toEqual([young]);
    expect(await search({ TicketCreateTimeNewerMinutes: '3' })).toEqual([young, old]);
    expect(await search({ TicketCreateTimeNewerMinutes: 10, TicketCreateTimeOlderMinutes: 3 })).toEqual([
      old,
    ]);
    expect(await search({ TicketCreateTimeNewerMinutes: 0 })).toEqual([]);
  });

  it('is newest first and 500 at most by default; Age Up is oldest first', async () => {
    const made = Array.from({ length: 600 }, (_, index) => mail(600 - index));
    expect(await search({})).toEqual(made.toReversed().slice(0, 500));
    expect(await search({ SortBy: 'Age', OrderBy: 'Up', Limit: 2 })).toEqual(made.slice(0, 2));
    expect(await search({ Limit: 10_000 })).toHaveLength(600);
  });

  it('gives tickets of one second in no order but the second key’s', async () => {
    const made = Array.from({ length: 50 }, () => mail(1));
    expect(await search({ SortBy: 'Age', OrderBy: 'Up' })).not.toEqual(made);
    expect(await search({ SortBy: ['Age', 'TicketNumber'], OrderBy: ['Up', 'Up'] })).toEqual(made);
  });

  it('reads StateType=Open as the one state type open', async () => {
    mail(1);
    const { id } = sim.phoneTicket({ subject: 'Open' });
    expect(await search({ StateType: 'Open' })).toEqual([String(id)]);
    expect(await search({ StateType: ['new', 'open'] })).toHaveLength(2);
  });

  it('finds by dynamic field by POST, and ignores it by GET: all is found', async () => {
    const plain = mail(1);
    const marked = String(
      sim.receiveMail({ subject: 'Marked', fields: { TriageStatus: 'done' }, createdAt: now - 120_000 }).id,
    );
    expect(await search({ DynamicField_TriageStatus: { Equals: 'done' } })).toEqual([marked]);
    expect(await search({ DynamicField_TriageStatus: { Empty: 1 } })).toEqual([plain]);
    const query = `UserLogin=otai-bot&Password=${FIXTURE_PASSWORD}&DynamicField_TriageStatus=done`;
    expect(ids(await send(sim, { method: 'GET', path: `TicketSearch?${query}` }))).toEqual([plain, marked]);
  });

  it('leaves sub-queues out unless they are asked for', async () => {
    const parent = mail(2, { queue: 'Support' });
    const child = mail(1, { queue: 'Support::Level 2' });
    expect(await search({ Queues: ['Support'] })).toEqual([parent]);
    expect(await search({ Queues: ['Support'], UseSubQueues: 1 })).toEqual([child, parent]);
  });

  it('shows a ticket before its article, and one that never gets any', async () => {
    let clock = now;
    const late = new Simulator({ now: () => clock });
    await late.start();
    const { id } = late.receiveMail({ subject: 'Late', articleDelayMs: 1500 });
    late.receiveMail({ subject: 'Never', noArticle: true });
    const read = async () => {
      const { body } = await call(late, 'TicketGet', { TicketID: id, AllArticles: 1 });
      const history = await call(late, 'TicketHistoryGet', { TicketID: id });
      return [JSON.stringify(body).includes('"Article"'), history.text.includes('EmailCustomer')];
    };
    expect(ids(await call(late, 'TicketSearch'))).toHaveLength(2);
    expect(await read()).toEqual([false, false]);
    clock += 1500;
    expect(await read()).toEqual([true, true]);
    await late.stop();
  });

  it('reads and writes dates in OTRSTimeZone, also across the change of daylight saving', async () => {
    const berlin = new Simulator({ now: () => now, timeZone: 'Europe/Berlin' });
    await berlin.start();
    const summer = berlin.receiveMail({ subject: 'Summer', createdAt: Date.UTC(2026, 6, 1, 10) }).id;
    const { text } = await call(berlin, 'TicketGet', { TicketID: summer });
    expect(text).toContain('"Created":"2026-07-01 12:00:00"');
    const at = {
      TicketCreateTimeNewerDate: '2026-07-01 12:00:00',
      TicketCreateTimeOlderDate: '2026-07-01 12:00:00',
    };
    expect(ids(await call(berlin, 'TicketSearch', at))).toEqual([String(summer)]);
    await berlin.stop();
  });

  it('finds 10,000 hits fast', async () => {
    for (let index = 0; index < 10_000; index++) mail(index / 60);
    const started = performance.now();
    const found = await search({
      StateType: ['new'],
      SortBy: ['Age', 'TicketNumber'],
      OrderBy: ['Up', 'Up'],
      Limit: 20_000,
    });
    expect(found).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
