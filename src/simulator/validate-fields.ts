/** What TicketCreate and TicketUpdate check of dynamic fields. */
import { given } from './auth.ts';
import type { FieldDefinition } from './fixture.ts';
import { hasData, textOf } from './operation.ts';
import { invalid, missing, type Writing } from './refusals.ts';
import type { State } from './state.ts';
import type { FieldValue } from './types.ts';

export type FieldPart = { readonly field: FieldDefinition; readonly value: FieldValue };

/** One object or a list; "" clears; null counts as missing. */
export function checkFields(state: State, value: unknown, operation: Writing): FieldPart[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null)
    throw invalid(operation, 'DynamicField parameter is missing or not valid!');
  return [value].flat().map((entry) => {
    if (!hasData(entry)) throw invalid(operation, 'DynamicField parameter is missing or not valid!');
    if (!given(entry.Name)) throw missing(operation, 'DynamicField->Name parameter is missing!');
    const raw = entry.Value;
    if (raw === undefined || raw === null)
      throw missing(operation, 'DynamicField->Value parameter is missing!');
    const field = state.fields.get(String(entry.Name));
    if (field === undefined) throw invalid(operation, 'DynamicField->Name parameter is invalid!');
    const fieldValue = checkFieldValue(field, raw);
    if (fieldValue === undefined) throw invalid(operation, 'DynamicField->Value parameter is invalid!');
    return { field, value: fieldValue };
  });
}

function checkFieldValue(field: FieldDefinition, raw: unknown): FieldValue | undefined {
  if (field.type === 'multiselect') {
    const keys = [raw].flat().map((key) => textOf(key) ?? '');
    return keys.every((key) => key === '' || field.values?.includes(key) === true)
      ? keys.filter((key) => key !== '')
      : undefined;
  }
  const text = textOf(raw);
  if (text === undefined) return undefined;
  if (text === '') return '';
  switch (field.type) {
    case 'dropdown':
      return field.values?.includes(text) === true ? text : undefined;
    case 'checkbox':
      return text === '0' || text === '1' ? Number(text) : undefined;
    case 'datetime':
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? text : undefined;
    case 'text':
      return text;
  }
}

/** By name, those that belong to the article. */
export function articleFields(parts: readonly FieldPart[]): Record<string, FieldValue> {
  const own = parts.filter(({ field }) => field.object === 'Article');
  return Object.fromEntries(own.map(({ field, value }) => [field.name, value]));
}
