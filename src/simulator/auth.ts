/** The three ways to say who asks: a session, an agent's login, a customer's login. */
import type { OperationContext } from './operation.ts';
import type { State } from './state.ts';
import type { Principal } from './store.ts';
import { OperationError, type OperationName, type RequestData } from './types.ts';

type Asked = Pick<OperationContext, 'state' | 'data' | 'remoteAddress'>;

export function logIn(state: State, data: RequestData): Principal | undefined {
  if (data.UserLogin !== undefined) {
    const user = state.findUser(data.UserLogin);
    if (user === undefined || !user.valid) return undefined;
    if (data.Password !== user.password) {
      user.failedLogins += 1;
      if (state.passwordMaxLoginFailed > 0 && user.failedLogins >= state.passwordMaxLoginFailed)
        user.valid = false;
      return undefined;
    }
    if (state.maintenance && !user.admin) return undefined;
    user.failedLogins = 0;
    user.lastLoginAt = state.clock.now();
    return { kind: 'agent', user };
  }
  if (data.CustomerUserLogin !== undefined) {
    const customer = state.findCustomer(data.CustomerUserLogin);
    if (customer?.password === undefined || customer.password !== data.Password) return undefined;
    return state.maintenance ? undefined : { kind: 'customer', customer };
  }
  return undefined;
}

/** A given SessionID is the only thing looked at, even beside a good password. */
export function identify({ state, data, remoteAddress }: Asked): Principal | undefined {
  if (given(data.SessionID)) return state.liveSession(data.SessionID, remoteAddress)?.user;
  return logIn(state, data);
}

/** Reads answer missing and wrong credentials alike. */
export function authorizeRead(asked: Asked, operation: OperationName): Principal {
  const principal = identify(asked);
  if (principal === undefined) {
    throw new OperationError(`${operation}.AuthFail`, `${operation}: Authorization failing!`);
  }
  return principal;
}

/** Writes name what is missing. */
export function authorizeWrite(asked: Asked, operation: OperationName): Principal {
  const { data } = asked;
  const login = given(data.UserLogin) || given(data.CustomerUserLogin);
  if (!login && !given(data.SessionID)) {
    throw new OperationError(
      `${operation}.MissingParameter`,
      `${operation}: UserLogin, CustomerUserLogin or SessionID is required!`,
    );
  }
  if (login && !given(data.SessionID) && !given(data.Password)) {
    throw new OperationError(
      `${operation}.MissingParameter`,
      `${operation}: Password or SessionID is required!`,
    );
  }
  const principal = identify(asked);
  if (principal === undefined) {
    throw new OperationError(`${operation}.AuthFail`, `${operation}: User could not be authenticated!`);
  }
  return principal;
}

export function given(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

export function userIdOf(principal: Principal): number {
  return principal.kind === 'agent' ? principal.user.id : 1;
}
