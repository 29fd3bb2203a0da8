import {
  encodeGlobalId,
  type KnownUser,
  type RowNode,
  type ServiceToken,
  type Session,
  serviceRef,
  type Users,
} from 'longshore/sdk';

/** Who signs in with what; see `Users`. */
export const usersServiceRef = serviceRef<Users>('core.users');

export const serviceTokenSubject = 'core/ServiceToken';
export const sessionSubject = 'core/Session';
export const userSubject = 'core/User';

/** Rows as nodes: `id` is the global id, `key` what the service knows them by. */
export type ServiceTokenNode = Omit<ServiceToken, 'id'> & RowNode & { readonly key: string };
export type SessionNode = Omit<Session, 'id'> & RowNode & { readonly key: string };
export type UserNode = Omit<KnownUser, 'id'> & RowNode & { readonly key: string };

export const toServiceTokenNode = ({ id: key, ...token }: ServiceToken): ServiceTokenNode => ({
  ...token,
  ...nodeOf('ServiceToken', key),
});
export const toSessionNode = ({ id: key, ...session }: Session): SessionNode => ({
  ...session,
  ...nodeOf('Session', key),
});
export const toUserNode = ({ id: key, ...user }: KnownUser): UserNode => ({ ...user, ...nodeOf('User', key) });

/** What rights are asked about: a token is its owner's, a session whose it is. */
export const instanceOfToken = ({ key, owner }: ServiceTokenNode) => ({
  subject: serviceTokenSubject,
  owner: owner.id,
  name: key,
});
export const instanceOfSession = ({ key, principal }: SessionNode) => ({
  subject: sessionSubject,
  owner: principal.id,
  name: key,
});
export const instanceOfUser = ({ key }: UserNode) => ({ subject: userSubject, name: key });

function nodeOf<Name extends string>(nodeTypeName: Name, key: string) {
  return { nodeTypeName, key, id: encodeGlobalId({ of: 'row', plugin: 'core', type: nodeTypeName, key }) };
}
