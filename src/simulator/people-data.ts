/** Agents, customers, queues and services as Znuny's own get functions give them to an invoker. */
import { seconds } from './clock.ts';
import type { State } from './state.ts';

/** Who made a record of the instance, and when. */
export function standing(state: State): Record<string, unknown> {
  const at = state.clock.text(state.installedAt);
  return { ChangeBy: 1, ChangeTime: at, CreateBy: 1, CreateTime: at, ValidID: 1 };
}

/** The preferences of whoever never logged in say nothing of a login. */
export function agentData(state: State, userId: number): Record<string, unknown> {
  const user = state.user(userId);
  const { ChangeTime, CreateTime } = standing(state);
  const login =
    user.lastLoginAt === undefined
      ? {}
      : {
          UserLastLogin: String(seconds(user.lastLoginAt)),
          UserLastLoginTimestamp: state.clock.text(user.lastLoginAt),
        };
  return {
    AdminCommunicationLogPageShown: '25',
    AdminDynamicFieldsOverviewPageShown: '25',
    ChangeTime,
    CreateTime,
    UserCreateNextMask: '',
    UserEmail: user.email,
    UserFirstname: user.firstName,
    UserFullname: `${user.firstName} ${user.lastName}`,
    UserID: user.id,
    ...login,
    UserLastPwChangeTime: String(seconds(state.installedAt)),
    UserLastViewsLimit: '5',
    UserLastViewsPosition: 'Avatar',
    UserLastname: user.lastName,
    UserLogin: user.login,
    UserLoginFailed: String(user.failedLogins),
    UserRefreshTime: '0',
    UserTicketOverviewMediumPageShown: '20',
    UserTicketOverviewPreviewPageShown: '15',
    UserTicketOverviewSmallPageShown: '25',
    UserTitle: user.title,
    ValidID: user.valid ? 1 : 2,
  };
}

/** Empty for an address that is no customer user. */
export function customerData(state: State, login: string): Record<string, unknown> {
  const customer = state.customers.find((one) => one.login === login);
  if (customer === undefined) return {};
  const [first = '', ...rest] = customer.name.split(' ');
  return {
    ...standing(state),
    ...companyFields(customer.customerId),
    CustomerCompanyValidID: 1,
    CustomerID: customer.customerId,
    Source: 'CustomerUser',
    UserCity: '',
    UserComment: '',
    UserCountry: '',
    UserCustomerID: customer.customerId,
    UserEmail: customer.email,
    UserFax: '',
    UserFirstname: first,
    UserFullname: customer.name,
    UserID: customer.login,
    UserLastPwChangeTime: String(seconds(state.installedAt)),
    UserLastViewsLimit: '5',
    UserLastname: rest.join(' '),
    UserLogin: customer.login,
    UserLoginFailed: '0',
    UserMailString: `"${customer.name}" <${customer.email}>`,
    UserMobile: '',
    UserPhone: '',
    UserRefreshTime: '0',
    UserShowTickets: '25',
    UserStreet: '',
    UserTitle: '',
    UserZip: '',
  };
}

/** A customer id that no customer user has is no company. */
export function companyData(state: State, customerId: string): Record<string, unknown> {
  if (!state.customers.some((customer) => customer.customerId === customerId)) return {};
  return {
    ...standing(state),
    ...companyFields(customerId),
    CustomerID: customerId,
    Source: 'CustomerCompany',
  };
}

function companyFields(customerId: string): Record<string, unknown> {
  return {
    CustomerCompanyCity: 'Berlin',
    CustomerCompanyComment: null,
    CustomerCompanyCountry: 'Germany',
    CustomerCompanyName: customerId,
    CustomerCompanyStreet: 'Hauptstr. 1',
    CustomerCompanyURL: null,
    CustomerCompanyZIP: '10115',
  };
}

export function queueData(state: State, queueId: number): Record<string, unknown> {
  const queue = state.queue(queueId);
  const { ChangeTime, CreateTime, ValidID } = standing(state);
  return {
    Calendar: '',
    ChangeTime,
    Comment: '',
    CreateTime,
    DefaultSignKey: '0',
    Email: 'znuny@localhost',
    FirstResponseNotify: 0,
    FirstResponseTime: queue.firstResponseMinutes,
    FollowUpID: 1,
    FollowUpLock: 0,
    GroupID: queue.groupId,
    Name: queue.name,
    QueueID: queue.id,
    RealName: 'Znuny System',
    SalutationID: 1,
    SignatureID: 1,
    SolutionNotify: 0,
    SolutionTime: queue.solutionMinutes,
    SystemAddressID: 1,
    UnlockTimeout: 0,
    UpdateNotify: 0,
    UpdateTime: 0,
    ValidID,
  };
}

export function serviceData(state: State, serviceId: number | undefined): Record<string, unknown> {
  const service = state.services.service(serviceId);
  if (service === undefined) return {};
  const short = service.name.split('::').at(-1);
  return {
    ServiceID: service.id,
    Name: service.name,
    NameShort: short,
    ParentID: '',
    Comment: '',
    ...standing(state),
  };
}

export function slaData(state: State, slaId: number | undefined): Record<string, unknown> {
  const sla = state.services.sla(slaId);
  if (sla === undefined) return {};
  return {
    SLAID: sla.id,
    Name: sla.name,
    ServiceIDs: state.services.servicesOf(sla.id),
    Calendar: '',
    FirstResponseTime: 0,
    FirstResponseNotify: 0,
    UpdateTime: 0,
    UpdateNotify: 0,
    SolutionTime: 0,
    SolutionNotify: 0,
    Comment: '',
    ...standing(state),
  };
}
