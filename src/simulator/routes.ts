/** The web service's map from method and path to operation. Case and a trailing slash count. */
import type { AddOn, OperationName } from './types.ts';

export type Route = {
  readonly operation: OperationName;
  readonly methods: readonly string[];
  /** segments; `:Name` takes the place's text as that parameter */
  readonly path: readonly string[];
  readonly includeTicketData?: boolean;
};

const READ = ['GET', 'POST'];
const WRITE = ['PUT', 'PATCH', 'POST'];

/** The routes named like the operations, as the guide has them. */
const OPERATIONS: readonly Route[] = [
  { operation: 'SessionCreate', methods: ['POST'], path: ['SessionCreate'] },
  { operation: 'SessionGet', methods: READ, path: ['SessionGet'] },
  { operation: 'SessionRemove', methods: ['POST', 'DELETE'], path: ['SessionRemove'] },
  { operation: 'TicketSearch', methods: READ, path: ['TicketSearch'] },
  { operation: 'TicketGet', methods: READ, path: ['TicketGet'] },
  { operation: 'TicketCreate', methods: ['POST'], path: ['TicketCreate'] },
  { operation: 'TicketUpdate', methods: WRITE, path: ['TicketUpdate'] },
  { operation: 'TicketHistoryGet', methods: READ, path: ['TicketHistoryGet'] },
];

/** Znuny's shipped GenericTicketConnectorREST, and an update that answers with the ticket. */
const SAMPLE: readonly Route[] = [
  { operation: 'SessionCreate', methods: ['POST'], path: ['Session'] },
  { operation: 'SessionGet', methods: ['GET'], path: ['Session', ':SessionID'] },
  { operation: 'TicketCreate', methods: ['POST'], path: ['Ticket'] },
  { operation: 'TicketGet', methods: ['GET'], path: ['Ticket', ':TicketID'] },
  { operation: 'TicketGet', methods: ['GET'], path: ['TicketList'] },
  { operation: 'TicketHistoryGet', methods: ['GET'], path: ['TicketHistory', ':TicketID'] },
  { operation: 'TicketSearch', methods: ['GET'], path: ['Ticket'] },
  { operation: 'TicketUpdate', methods: ['PATCH'], path: ['Ticket', ':TicketID'] },
  {
    operation: 'TicketUpdate',
    methods: ['PATCH'],
    path: ['TicketUpdateInclude', ':TicketID'],
    includeTicketData: true,
  },
];

/** An add-on's operation, on either set's kind of route. */
const ADD_ONS: Readonly<Record<AddOn, Readonly<Record<'operations' | 'sample', Route>>>> = {
  TicketDelete: {
    operations: { operation: 'TicketDelete', methods: ['POST', 'DELETE'], path: ['TicketDelete'] },
    sample: { operation: 'TicketDelete', methods: ['DELETE'], path: ['Ticket', ':TicketID'] },
  },
};

const READS: ReadonlySet<OperationName> = new Set([
  'SessionGet',
  'TicketSearch',
  'TicketGet',
  'TicketHistoryGet',
]);

export type RouteSet = 'operations' | 'sample' | 'both';

export function routesOf(set: RouteSet, getOnly: boolean, addOns: readonly AddOn[]): readonly Route[] {
  const routes: Route[] = [];
  if (set !== 'sample') routes.push(...OPERATIONS, ...addOns.map((addOn) => ADD_ONS[addOn].operations));
  if (set !== 'operations') routes.push(...SAMPLE, ...addOns.map((addOn) => ADD_ONS[addOn].sample));
  if (!getOnly) return routes;
  return routes.map((route) => (READS.has(route.operation) ? { ...route, methods: ['GET'] } : route));
}

export type RouteMatch = { readonly route: Route; readonly parameters: Readonly<Record<string, string>> };

export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const segments = path.split('/').slice(1);
  for (const route of routes) {
    if (!route.methods.includes(method) || route.path.length !== segments.length) continue;
    const parameters: Record<string, string> = {};
    const fits = route.path.every((wanted, index) => {
      const segment = segments[index] ?? '';
      if (!wanted.startsWith(':')) return wanted === segment;
      if (segment === '') return false;
      parameters[wanted.slice(1)] = segment;
      return true;
    });
    if (fits) return { route, parameters };
  }
  return undefined;
}
