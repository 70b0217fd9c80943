import { given } from './auth.ts';
import { seconds } from './clock.ts';
import type { Operation } from './operation.ts';
import { OperationError } from './types.ts';

/** `{"SessionData":[{"Key","Value"}…]}`: a list of pairs, all values text. */
export const sessionGet: Operation = ({ state, data, remoteAddress }) => {
  if (!given(data.SessionID)) {
    throw new OperationError('SessionGet.MissingParameter', 'SessionGet: SessionID parameter is missing!');
  }
  const session = state.liveSession(data.SessionID, remoteAddress);
  if (session === undefined) {
    throw new OperationError('SessionGet.SessionInvalid', 'SessionGet: SessionID is Invalid!');
  }
  const started = state.clock.text(session.startedAt);
  const startedSeconds = String(seconds(session.startedAt));
  const who = session.user.kind === 'agent' ? session.user.user : undefined;
  const customer = session.user.kind === 'customer' ? session.user.customer : undefined;
  const values: Record<string, string | null> = {
    AdminCommunicationLogPageShown: '25',
    AdminDynamicFieldsOverviewPageShown: '25',
    ChangeTime: started,
    CreateTime: started,
    SessionSource: 'GenericInterface',
    UserCreateNextMask: '',
    UserEmail: who?.email ?? customer?.email ?? '',
    UserFirstname: who?.firstName ?? customer?.name ?? '',
    UserFullname: who === undefined ? (customer?.name ?? '') : `${who.firstName} ${who.lastName}`,
    UserID: who === undefined ? (customer?.login ?? '') : String(who.id),
    UserLastLogin: startedSeconds,
    UserLastLoginTimestamp: started,
    UserLastPwChangeTime: startedSeconds,
    UserLastRequest: startedSeconds,
    UserLastViewsLimit: '5',
    UserLastViewsPosition: 'Avatar',
    UserLastname: who?.lastName ?? '',
    UserLogin: who?.login ?? customer?.login ?? '',
    UserLoginFailed: '0',
    UserRefreshTime: '0',
    UserRemoteAddr: session.address,
    UserRemoteUserAgent: 'none',
    UserSessionStart: startedSeconds,
    UserTicketOverviewMediumPageShown: '20',
    UserTicketOverviewPreviewPageShown: '15',
    UserTicketOverviewSmallPageShown: '25',
    UserTitle: who?.title ?? null,
    UserType: who === undefined ? 'Customer' : 'User',
    ValidID: '1',
  };
  return { SessionData: Object.entries(values).map(([Key, Value]) => ({ Key, Value })) };
};
