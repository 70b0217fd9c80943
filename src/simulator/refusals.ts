/** How TicketCreate and TicketUpdate refuse. */
import { OperationError } from './types.ts';

export type Writing = 'TicketCreate' | 'TicketUpdate' | 'TicketDelete';

export function missing(operation: Writing, what: string): OperationError {
  return new OperationError(`${operation}.MissingParameter`, `${operation}: ${what}`);
}

export function invalid(operation: Writing, what: string): OperationError {
  return new OperationError(`${operation}.InvalidParameter`, `${operation}: ${what}`);
}
