/** Search by dynamic fields of tickets. */
import type { FieldDefinition } from './fixture.ts';
import { isRecord, isTrue } from './operation.ts';
import { type Filter, NOTHING, type SearchPart } from './search-filter.ts';
import { condition, isAnything } from './search-text.ts';
import type { State } from './state.ts';
import type { RequestData } from './types.ts';

/**
 * Only an object with operators counts, so only POST can send one: by GET the parameter is ignored and ALL is found.
 * So it is with a field that there is not, and with an article's.
 */
export const fieldFilters: SearchPart = (state, data) => {
  const filters: Filter[] = [];
  for (const [field, operators] of askedFields(state, data)) {
    for (const [operator, operand] of Object.entries(operators)) {
      const filter = filterOf(field, operator, operand);
      if (filter === 'wrong') return NOTHING;
      if (filter !== undefined) filters.push(filter);
    }
  }
  return filters;
};

/** `DynamicField` with a Name beside the operators, or a list of such; else the older `DynamicField_<Name>`. */
function askedFields(state: State, data: RequestData): [FieldDefinition, Record<string, unknown>][] {
  const named: [string, unknown][] = [];
  if (isTrue(data.DynamicField)) {
    for (const one of [data.DynamicField].flat()) {
      if (!isRecord(one)) continue;
      const { Name, ...operators } = one;
      named.push([String(Name), operators]);
    }
  } else {
    for (const [key, value] of Object.entries(data)) {
      const name = /^DynamicField_([a-zA-Z\d]+)$/.exec(key)?.[1];
      if (name !== undefined) named.push([name, value]);
    }
  }
  return named.flatMap(([name, operators]): [FieldDefinition, Record<string, unknown>][] => {
    const field = state.fields.get(name);
    if (field === undefined || field.object === 'Article' || !isRecord(operators)) return [];
    return [[field, operators]];
  });
}

type Compare = (text: string, operand: string) => boolean;

const COMPARE: Readonly<Record<string, Compare>> = {
  Equals: (text, operand) => text === operand,
  GreaterThan: (text, operand) => text > operand,
  GreaterThanEquals: (text, operand) => text >= operand,
  SmallerThan: (text, operand) => text < operand,
  SmallerThanEquals: (text, operand) => text <= operand,
};

function filterOf(field: FieldDefinition, operator: string, operand: unknown): Filter | 'wrong' | undefined {
  const operands = [operand]
    .flat()
    .map((one) => String(one ?? ''))
    .filter((one) => one !== '' && !isAnything(one));
  if (operands.length === 0) return undefined;
  const texts: (ticket: Parameters<Filter>[0]) => string[] = ({ fields }) =>
    [fields.get(field.name) ?? []].flat().map(String);
  if (operator === 'Empty') {
    return (ticket) => operands.some((one) => (texts(ticket).length === 0) === isTrue(one));
  }
  if (!operands.every((one) => isValid(field, one))) return 'wrong';
  if (operator === 'Like') {
    const tests = operands.map(condition);
    return (ticket) => texts(ticket).some((text) => tests.some((test) => test(text)));
  }
  const compare = Object.hasOwn(COMPARE, operator) ? COMPARE[operator] : undefined;
  if (compare === undefined) return 'wrong';
  // MariaDB's texts have no case.
  const wanted = operands.map((one) => one.toLowerCase());
  return (ticket) => texts(ticket).some((text) => wanted.some((one) => compare(text.toLowerCase(), one)));
}

function isValid(field: FieldDefinition, operand: string): boolean {
  if (field.type === 'checkbox') return operand === '0' || operand === '1';
  return field.type !== 'datetime' || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(operand);
}
