import { given, logIn } from './auth.ts';
import type { Operation } from './operation.ts';
import { OperationError } from './types.ts';

/** Wants the session AND login with password; the session alone is refused. */
export const sessionRemove: Operation = ({ state, data }) => {
  if (!given(data.SessionID)) {
    throw new OperationError(
      'SessionRemove.MissingParameter',
      'SessionRemove: SessionID parameter is missing!',
    );
  }
  if (logIn(state, data) === undefined) {
    throw new OperationError('SessionRemove.AuthFail', 'SessionRemove: Authorization failed!');
  }
  if (!state.sessions.delete(String(data.SessionID))) {
    throw new OperationError('SessionRemove.SessionNotFound', 'SessionRemove: SessionID is Invalid!');
  }
  return { Success: 1 };
};
