import {
  type AnyNode,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registryOf,
  resolveNode,
} from 'longshore/sdk';
import { isUuid } from '../../services/tenancy/tenants.ts';
import {
  instanceOfSession,
  instanceOfToken,
  instanceOfUser,
  type ServiceTokenNode,
  type SessionNode,
  serviceTokenSubject,
  sessionSubject,
  toServiceTokenNode,
  toSessionNode,
  toUserNode,
  type UserNode,
  usersServiceRef,
} from '../../services/users/users-service.ts';

/** Tokens that this caller may see: their own, or all. */
export async function visibleTokens(context: RequestContext): Promise<readonly ServiceTokenNode[]> {
  const tokens = await context.service(usersServiceRef).serviceTokens(ownerWanted(serviceTokenSubject, context));
  return tokens.map(toServiceTokenNode).filter((row) => context.access.allowed('READ', instanceOfToken(row)));
}

/** Sessions that this caller may see: their own, or all. */
export async function visibleSessions(context: RequestContext): Promise<readonly SessionNode[]> {
  const sessions = await context.service(usersServiceRef).sessions(ownerWanted(sessionSubject, context));
  return sessions.map(toSessionNode).filter((row) => context.access.allowed('READ', instanceOfSession(row)));
}

export async function visibleUsers(context: RequestContext): Promise<readonly UserNode[]> {
  const users = await context.service(usersServiceRef).users();
  return users.map(toUserNode).filter((row) => context.access.allowed('READ', instanceOfUser(row)));
}

/** Whose rows are worth reading: whoever may not read all may read their own at the most. */
function ownerWanted(subject: string, { access, principal }: RequestContext): string | undefined {
  return access.conditionsFor('READ', subject) === 'all' ? undefined : principal.id;
}

/** The loaders behind `node(id:)`: what the caller may not read is not there. */
export function registerUserLoaders(builder: LongshoreBuilder): void {
  const { rowLoaders } = registryOf(builder);
  rowLoaders.set('core|ServiceToken', (keys, context) =>
    each(keys, async (key) => {
      const token = isUuid(key) ? await context.service(usersServiceRef).serviceToken(key) : undefined;
      const row = token && toServiceTokenNode(token);
      return row && context.access.allowed('READ', instanceOfToken(row)) ? row : null;
    }),
  );
  rowLoaders.set('core|Session', (keys, context) =>
    each(keys, async (key) => {
      const session = isUuid(key) ? await context.service(usersServiceRef).session(key) : undefined;
      const row = session && toSessionNode(session);
      return row && context.access.allowed('READ', instanceOfSession(row)) ? row : null;
    }),
  );
  rowLoaders.set('core|User', (keys, context) =>
    each(keys, async (key) => {
      if (!context.access.mayEver('READ', 'core/User') || !isPrincipalId(key)) return null;
      const user = await context.service(usersServiceRef).user(key);
      const row = user && toUserNode(user);
      return row && context.access.allowed('READ', instanceOfUser(row)) ? row : null;
    }),
  );
}

/** One after the other: a page of nodes must not take every connection of the database. */
async function each(
  keys: readonly string[],
  load: (key: string) => Promise<AnyNode | null>,
): Promise<readonly (AnyNode | null)[]> {
  const found: (AnyNode | null)[] = [];
  for (const key of keys) found.push(await load(key));
  return found;
}

/** Keys come out of global ids, that is from callers: PostgreSQL takes no NUL. */
function isPrincipalId(key: string): boolean {
  return key.length <= 1_000 && !key.includes('\0') && key.isWellFormed();
}

export async function findServiceToken(id: string, context: RequestContext): Promise<ServiceTokenNode> {
  const node = await resolveNode(id, context);
  if (!isServiceToken(node)) throw new NotFoundError('There is no service token with this id.');
  return node;
}

export async function findSession(id: string, context: RequestContext): Promise<SessionNode> {
  const node = await resolveNode(id, context);
  if (!isSession(node)) throw new NotFoundError('There is no session with this id.');
  return node;
}

export async function findUser(id: string, context: RequestContext): Promise<UserNode> {
  const node = await resolveNode(id, context);
  if (!isUser(node)) throw new NotFoundError('There is no user with this id.');
  return node;
}

export const isServiceToken = (node: unknown): node is ServiceTokenNode => isNodeOf(node, 'ServiceToken');
export const isSession = (node: unknown): node is SessionNode => isNodeOf(node, 'Session');
export const isUser = (node: unknown): node is UserNode => isNodeOf(node, 'User');

function isNodeOf(node: unknown, nodeTypeName: string): boolean {
  return typeof node === 'object' && node !== null && 'nodeTypeName' in node && node.nodeTypeName === nodeTypeName;
}
