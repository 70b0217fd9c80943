import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Simulator } from './simulator.ts';
import { call, ids, NOTE } from './test-client.ts';

describe('faults', () => {
  let sim: Simulator;
  let id = 0;
  beforeEach(async () => {
    sim = new Simulator();
    await sim.start();
    id = sim.receiveMail({ subject: 'One' }).id;
  });
  afterEach(() => sim.stop());

  const update = (timeoutMs = 5000) =>
    call(
      sim,
      'TicketUpdate',
      { TicketID: id, Ticket: { Queue: 'Support', Priority: '4 high' }, Article: NOTE },
      { timeoutMs },
    );
  const queue = () => sim.ticket(id)?.queue;

  it('reset-before: the client sees a reset and nothing is written', async () => {
    sim.faults.add({ kind: 'reset-before', operation: 'TicketUpdate' });
    await expect(update()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(queue()).toBe('Raw');
    expect((await update()).status).toBe(200);
  });

  it('reset-after: the client sees a reset and all is written', async () => {
    sim.faults.add({ kind: 'reset-after' });
    await expect(update()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(queue()).toBe('Support');
    expect(sim.ticket(id)?.articles).toHaveLength(2);
  });

  it('late-apply: the connection breaks at once, the change comes later', async () => {
    sim.faults.add({ kind: 'late-apply', delayMs: 80 });
    await expect(update()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(queue()).toBe('Raw');
    await sleep(160);
    expect(queue()).toBe('Support');
  });

  it('a client that gives up does not stop a slow call', async () => {
    sim.faults.add({ kind: 'latency', ms: 120 });
    await expect(update(40)).rejects.toThrow();
    expect(queue()).toBe('Raw');
    await sleep(200);
    expect(queue()).toBe('Support');
  });

  it.each([true, false])('silence: no answer ever; applied %s', async (applied) => {
    sim.faults.add({ kind: 'silence', applied });
    await expect(update(100)).rejects.toThrow();
    expect(queue()).toBe(applied ? 'Support' : 'Raw');
  });

  it('partial-body and drip: the answer does not come whole', async () => {
    sim.faults.add({ kind: 'partial-body' });
    await expect(call(sim, 'TicketGet', { TicketID: id })).rejects.toThrow();
    sim.faults.add({ kind: 'drip', bytesPerSecond: 100 });
    await expect(call(sim, 'TicketGet', { TicketID: id }, { timeoutMs: 200 })).rejects.toThrow();
  });

  it('huge-body: JSON, and far too much of it', async () => {
    sim.faults.add({ kind: 'huge-body', bytes: 1_000_000 });
    expect((await call(sim, 'TicketGet', { TicketID: id })).text.length).toBeGreaterThan(1_000_000);
  });

  it('status: a proxy page with Retry-After, nothing done', async () => {
    sim.faults.add({ kind: 'status', status: 503, retryAfter: 7 });
    const answer = await update();
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '7']);
    expect(answer.text).toContain('<html>');
    expect(queue()).toBe('Raw');
  });

  it('die: after the queue and before the priority, or after the article', async () => {
    sim.faults.add({ kind: 'die', after: 'queue' });
    expect((await update()).status).toBe(500);
    expect(sim.ticket(id)).toMatchObject({ queue: 'Support', priority: '3 normal' });
    sim.faults.add({ kind: 'die', after: 'article' });
    expect((await update()).status).toBe(500);
    expect(sim.ticket(id)).toMatchObject({ priority: '4 high' });
    expect(sim.ticket(id)?.articles).toHaveLength(2);
  });

  it('lock-wait: the faultstring of a refused move, nothing written', async () => {
    sim.faults.add({ kind: 'lock-wait' });
    const answer = await update();
    expect(answer.body.faultstring).toBe(
      'Ticket queue could not be updated, please contact system administrator!',
    );
    expect(queue()).toBe('Raw');
    expect(sim.ticket(id)?.articles).toHaveLength(1);
  });

  it('error: HTTP 200 with an Error object', async () => {
    sim.faults.add({ kind: 'error', code: 'AuthFail' });
    expect((await update()).errorCode).toBe('TicketUpdate.AuthFail');
    expect(queue()).toBe('Raw');
  });

  it('search: empty, duplicates, unsorted, huge', async () => {
    const second = sim.receiveMail({ subject: 'Two', createdAt: Date.now() - 5000 }).id;
    const search = async () => ids(await call(sim, 'TicketSearch'));
    sim.faults.add({ kind: 'search', answer: 'empty' });
    expect(await search()).toEqual([]);
    sim.faults.add({ kind: 'search', answer: 'duplicates' });
    expect(await search()).toEqual([id, id, second, second].map(String));
    sim.faults.add({ kind: 'search', answer: 'unsorted' });
    expect(await search()).toEqual([second, id].map(String));
    sim.faults.add({ kind: 'search', answer: 'huge', size: 5000 });
    expect(await search()).toHaveLength(5002);
  });

  it('hit only the operation, ticket and number of calls they name', async () => {
    const other = sim.receiveMail({ subject: 'Two' }).id;
    sim.faults.add({
      kind: 'error',
      code: 'Boom',
      operation: 'TicketGet',
      ticketId: other,
      times: 2,
      skip: 1,
    });
    const get = async (TicketID: number) => (await call(sim, 'TicketGet', { TicketID })).errorCode;
    expect(await get(id)).toBeUndefined();
    const codes = [await get(other), await get(other), await get(other), await get(other)];
    expect(codes).toEqual([undefined, 'TicketGet.Boom', 'TicketGet.Boom', undefined]);
    expect(sim.faults.waiting).toEqual([]);
  });

  it('stop refuses connections, start listens on the same port again', async () => {
    const { url } = sim;
    await sim.stop();
    await expect(call(sim, 'TicketSearch')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await sim.start();
    expect(sim.url).toBe(url);
    expect(ids(await call(sim, 'TicketSearch'))).toEqual([String(id)]);
  });

  it('agents act between a read and a write through onCall, and each call is logged without its secrets', async () => {
    const end = sim.onCall(({ operation }) => {
      if (operation === 'TicketUpdate') sim.agentMoves(id, 'Sales');
    });
    await update();
    end();
    expect(sim.ticket(id)?.history.map((row) => [row.type, row.createBy])).toContainEqual(['Move', 3]);
    const logged = sim.calls.at(-1);
    expect(logged).toMatchObject({
      operation: 'TicketUpdate',
      ticketIds: [id],
      status: 200,
      user: 'otai-bot',
    });
    expect(JSON.stringify(sim.calls)).not.toContain('simulator-password');
  });

  it('two workers: four calls of 60 ms take at least twice that', async () => {
    const slow = new Simulator({ delays: { TicketSearch: 60 }, workers: 2 });
    await slow.start();
    const started = performance.now();
    await Promise.all(Array.from({ length: 4 }, () => call(slow, 'TicketSearch')));
    expect(performance.now() - started).toBeGreaterThan(115);
    await slow.stop();
  });
});
