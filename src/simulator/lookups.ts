/** Names and ids of priorities, states and types: Znuny's own lists, id = place + 1. */
import { PRIORITIES, STATES, TYPES } from './fixture.ts';

export function priorityOf(id: number): { readonly id: number; readonly name: string } {
  return { id, name: PRIORITIES[id - 1] ?? '' };
}

export function stateOf(id: number): { readonly id: number; readonly name: string; readonly type: string } {
  const state = STATES[id - 1];
  return { id, name: state?.name ?? '', type: state?.type ?? '' };
}

export function typeName(id: number): string {
  return TYPES[id - 1] ?? '';
}

export function priorityId(name: string): number {
  const id = PRIORITIES.indexOf(name) + 1;
  if (id === 0) throw new Error(`simulator: no priority ${name}`);
  return id;
}

export function stateId(name: string): number {
  const id = STATES.findIndex((state) => state.name === name) + 1;
  if (id === 0) throw new Error(`simulator: no state ${name}`);
  return id;
}

export function typeId(name: string): number {
  const id = TYPES.indexOf(name) + 1;
  if (id === 0) throw new Error(`simulator: no type ${name}`);
  return id;
}
