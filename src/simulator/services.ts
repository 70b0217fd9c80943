/** Services and their SLAs, and what may be combined. */
import type { ServiceDefinition } from './fixture.ts';

export type Named = { readonly id: number; readonly name: string };

type Service = Named & {
  readonly slaIds: ReadonlySet<number>;
  readonly customers: readonly string[] | undefined;
};

export class Services {
  readonly #services: Service[] = [];
  readonly #slas: Named[] = [];

  constructor(definitions: readonly ServiceDefinition[]) {
    for (const { id, name, slas, customers } of definitions) {
      this.#services.push({
        id: id ?? this.#services.length + 1,
        name,
        slaIds: new Set((slas ?? []).map((sla) => this.#slaId(sla))),
        customers,
      });
    }
  }

  #slaId(name: string): number {
    const known = this.sla(name);
    if (known !== undefined) return known.id;
    return this.#slas.push({ id: this.#slas.length + 1, name });
  }

  service(idOrName: number | string | undefined): Service | undefined {
    return find(this.#services, idOrName);
  }

  sla(idOrName: number | string | undefined): Named | undefined {
    return find(this.#slas, idOrName);
  }

  /** Whoever has no service assigned gets the default ones: so does an address that is not registered. */
  mayUse(customerUser: string, service: Service): boolean {
    return service.customers === undefined || service.customers.includes(customerUser);
  }

  servicesOf(slaId: number): number[] {
    return this.#services.filter(({ slaIds }) => slaIds.has(slaId)).map(({ id }) => id);
  }

  goTogether(serviceId: number | undefined, slaId: number): boolean {
    return this.service(serviceId)?.slaIds.has(slaId) === true;
  }
}

/** Names are looked up by SQL, so their case does not count. */
function find<T extends Named>(list: readonly T[], idOrName: number | string | undefined): T | undefined {
  if (typeof idOrName === 'number') return list.find(({ id }) => id === idOrName);
  return list.find(({ name }) => name.toLowerCase() === idOrName?.toLowerCase());
}
