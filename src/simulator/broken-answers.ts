/** Faults that spoil the answer on its way. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { head, jsonReply, type Reply, send } from './reply.ts';

const REASONS: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** True where the fault answered (or kept silent) in the reply's place. */
export async function breakAnswer(
  fault: Fault,
  reply: Reply | undefined,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault.kind) {
    case 'reset-before':
    case 'reset-after':
      response.socket?.resetAndDestroy();
      return true;
    case 'silence':
      return true;
    case 'status':
      send(response, page(fault), false);
      return true;
    case 'partial-body': {
      if (reply === undefined) return false;
      const body = head(response, reply, false);
      response.write(body.subarray(0, Math.floor(body.length / 2)));
      await sleep(20);
      response.socket?.destroy();
      return true;
    }
    case 'drip': {
      if (reply === undefined) return false;
      const pause = 1000 / (fault.bytesPerSecond ?? 1);
      for (const byte of head(response, reply, false)) {
        if (response.destroyed) return true;
        response.write(Buffer.of(byte));
        await sleep(pause, undefined, { ref: false });
      }
      response.end();
      return true;
    }
    case 'huge-body':
      if (reply === undefined) return false;
      // White space after the JSON: a valid body, and far too large.
      send(response, { ...reply, body: reply.body + ' '.repeat(fault.bytes ?? 50_000_000) }, false);
      return true;
    case 'search':
      if (reply === undefined) return false;
      send(response, oddSearch(fault, reply), false);
      return true;
    default:
      return false;
  }
}

function page(fault: Extract<Fault, { kind: 'status' }>): Reply {
  const reason = REASONS[fault.status] ?? 'Error';
  return {
    status: fault.status,
    contentType: fault.contentType ?? 'text/html',
    body:
      fault.body ??
      `<html><head><title>${fault.status} ${reason}</title></head><body><h1>${reason}</h1></body></html>`,
    ...(fault.retryAfter === undefined ? {} : { headers: { 'Retry-After': String(fault.retryAfter) } }),
  };
}

function oddSearch(fault: Extract<Fault, { kind: 'search' }>, reply: Reply): Reply {
  const answer: unknown = JSON.parse(reply.body);
  const found = typeof answer === 'object' && answer !== null && 'TicketID' in answer ? answer.TicketID : [];
  const ids: unknown[] = Array.isArray(found) ? found : [];
  switch (fault.answer) {
    case 'empty':
      return jsonReply({});
    case 'duplicates':
      return jsonReply({ TicketID: ids.flatMap((id) => [id, id]) });
    case 'unsorted':
      return jsonReply({
        TicketID: [
          ...ids.filter((_, at) => at % 2 === 1),
          ...ids.filter((_, at) => at % 2 === 0).toReversed(),
        ],
      });
    case 'huge': {
      const size = fault.size ?? 100_000;
      return jsonReply({
        TicketID: [...ids, ...Array.from({ length: size }, (_, at) => String(9_000_000 + at))],
      });
    }
  }
}
