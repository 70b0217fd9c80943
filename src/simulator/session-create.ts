import { given, logIn } from './auth.ts';
import type { Operation } from './operation.ts';
import { OperationError } from './types.ts';

/** `{"SessionID"}`; every wrong login reads alike, also maintenance mode and an agent made invalid. */
export const sessionCreate: Operation = ({ state, data, remoteAddress }) => {
  if (!given(data.UserLogin) && !given(data.CustomerUserLogin)) {
    throw new OperationError(
      'SessionCreate.MissingParameter',
      'SessionCreate: UserLogin or CustomerUserLogin parameter is missing!',
    );
  }
  if (!given(data.Password)) {
    throw new OperationError(
      'SessionCreate.MissingParameter',
      'SessionCreate: Password parameter is missing!',
    );
  }
  const principal = logIn(state, data);
  if (principal === undefined) {
    throw new OperationError('SessionCreate.AuthFail', 'SessionCreate: Authorization failing!');
  }
  return { SessionID: state.startSession(principal, remoteAddress).id };
};
