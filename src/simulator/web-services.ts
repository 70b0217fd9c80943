/** The web services of an instance, as the administrator defined them: all over the same tickets. */
import { type Route, type RouteSet, routesOf } from './routes.ts';
import type { AddOn } from './types.ts';

export type WebServiceOptions = {
  /** default both */
  readonly routes?: RouteSet;
  /** reads are offered by GET only */
  readonly getOnly?: boolean;
  /** default false, as Znuny's; where true the 101st request on a socket is reset */
  readonly keepAlive?: boolean;
  /** bytes of a body above which 413 is answered; default 100,000,000 */
  readonly maxLength?: number;
  /** operations that Znuny itself has not */
  readonly addOn?: readonly AddOn[];
};

export type WebServiceDefinition = WebServiceOptions & {
  readonly name: string;
  /** default true; an invalid one closes the connection without a byte */
  readonly valid?: boolean;
};

export type WebService = {
  readonly name: string;
  readonly valid: boolean;
  readonly routes: readonly Route[];
  readonly keepAlive: boolean;
  readonly maxLength: number;
};

export function webServiceOf(definition: WebServiceDefinition): WebService {
  const { name, valid, routes, getOnly, keepAlive, maxLength, addOn } = definition;
  return {
    name,
    valid: valid ?? true,
    routes: routesOf(routes ?? 'both', getOnly ?? false, addOn ?? []),
    keepAlive: keepAlive ?? false,
    maxLength: maxLength ?? 100_000_000,
  };
}

/** By `Webservice/<Name>` or `WebserviceID/<n>`; an invalid one is as good as none. */
export function findWebService(
  services: readonly WebService[],
  kind: string | undefined,
  nameOrId: string,
): WebService | undefined {
  const found =
    kind === 'Webservice'
      ? services.find(({ name }) => name === nameOrId)
      : kind === 'WebserviceID'
        ? services.find((_, index) => String(index + 1) === nameOrId)
        : undefined;
  return found?.valid === true ? found : undefined;
}
