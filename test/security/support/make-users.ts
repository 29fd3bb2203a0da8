import { randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';
import { sha256, tokenHolders } from './principals.ts';

/** What the world makes of somebody who signs in, in one place. */
export interface MadeRow {
  readonly id: string;
  readonly name: string;
  readonly owner: string | undefined;
  /** Text that no request contains. */
  readonly mark: string | undefined;
}

/** People who are disabled, one in each place where something exists. */
const disabledTokens = ['own', 'other namespace', 'other cluster'].map((position) => ({
  position,
  name: `mx-user-${position.replace(' ', '-')}`,
  token: `mx-token-of-a-user-${position.replace(' ', '-')}-0123456789`,
}));

/** As they stand in the settings. */
export const disabledTokenSettings = disabledTokens.map(({ name, token }) => ({
  name,
  sha256: sha256(token),
  roles: ['DEVELOPER'],
}));

const inOneDay = () => new Date(Date.now() + 86_400_000).toISOString();

/** Makes the rows of these subjects for one place; `exists` tells whether there is to be anything. */
export const makeUserRow: Readonly<
  Record<string, (gateway: TestGateway, admin: string, position: string, exists: boolean) => Promise<MadeRow>>
> = {
  /** The one of the own place belongs to a developer, the others to the administrator. */
  async 'core/ServiceToken'(gateway, admin, position, exists) {
    const name = `mx-token-${position.replace(' ', '-')}`;
    if (!exists) return { ...missing('ServiceToken'), name };
    const developer = tokenHolders.find(({ title }) => title === 'shop-developer');
    if (!developer) throw new Error('there is no developer');
    const isOwn = position === 'own';
    const { serviceToken } = await makeToken(gateway, isOwn ? developer.token : admin, name, 'is asked for');
    const { id, principalId: mark } = serviceToken;
    return { id, name, owner: isOwn ? developer.id : 'local:admin', mark };
  },
  /** As of service tokens. */
  async 'core/EventWebhook'(gateway, admin, position, exists) {
    const name = `mx-hook-${position.replace(' ', '-')}`;
    if (!exists) return { ...missing('EventWebhook'), name };
    const developer = tokenHolders.find(({ title }) => title === 'shop-developer');
    if (!developer) throw new Error('there is no developer');
    const isOwn = position === 'own';
    const mark = `marker-${randomUUID()}`;
    const input = {
      displayName: mark,
      url: 'https://hooks.example.com/hook',
      subscription: 'subscription { operationRecordChanges(filter: { actions: ["nothing"] }) { type } }',
    };
    const { createEventWebhook } = await ask<{ createEventWebhook: { eventWebhook: { id: string } } }, object>(
      gateway,
      `mutation ($input: CreateEventWebhookInput!) { createEventWebhook(input: $input) {
        ... on CreateEventWebhookSuccess { eventWebhook { id } } } }`,
      { input },
      { token: isOwn ? developer.token : admin },
    );
    return { id: createEventWebhook.eventWebhook.id, name, owner: isOwn ? developer.id : 'local:admin', mark };
  },
  /** Service tokens' own, each used once. */
  async 'core/Session'(gateway, admin, position, exists) {
    const name = `mx-session-${position.replace(' ', '-')}`;
    if (!exists) return { ...missing('Session'), name };
    const { token, serviceToken } = await makeToken(gateway, admin, name, 'is used once');
    const mark = `marker-${randomUUID()}`;
    await gateway.query('{ viewer { id } }', {}, { token, headers: { 'user-agent': mark } });
    const { sessions } = await ask<{ sessions: { nodes: { id: string }[] } }, object>(
      gateway,
      'query ($ids: [String!]) { sessions(filter: { principalIds: $ids }) { nodes { id } } }',
      { ids: [serviceToken.principalId] },
      { token: admin },
    );
    return { id: sessions.nodes[0]?.id ?? '', name, owner: serviceToken.principalId, mark };
  },
  async 'core/User'(gateway, admin, position, exists) {
    const user = disabledTokens.find((each) => each.position === position);
    if (!exists || !user) return { ...missing('User'), name: `mx-nobody-${position.replace(' ', '-')}` };
    await gateway.query('{ viewer { id } }', {}, { token: user.token });
    const { users } = await ask<{ users: { nodes: { id: string }[] } }, object>(
      gateway,
      'query ($ids: [String!]) { users(filter: { principalIds: $ids }) { nodes { id } } }',
      { ids: [`token:${user.name}`] },
      { token: admin },
    );
    const id = users.nodes[0]?.id ?? '';
    const mark = `marker-${randomUUID()}`;
    await ask(
      gateway,
      'mutation ($input: DisableUserInput!) { disableUser(input: $input) { __typename } }',
      { input: { id, reason: mark } },
      { token: admin },
    );
    return { id, name: user.name, owner: undefined, mark };
  },
};

function missing(type: string) {
  const id = encodeGlobalId({ of: 'row', plugin: 'core', type, key: randomUUID() });
  return { id, owner: 'service-token:of-nobody', mark: undefined };
}

async function makeToken(gateway: TestGateway, token: string, name: string, description: string) {
  const input = {
    name,
    description,
    roles: ['DEVELOPER'],
    namespaces: [{ cluster: 'alpha', namespace: 'shop' }],
    expiresAt: inOneDay(),
  };
  const { createServiceToken } = await ask<
    { createServiceToken: { token: string; serviceToken: { id: string; principalId: string } } },
    object
  >(
    gateway,
    `mutation ($input: CreateServiceTokenInput!) { createServiceToken(input: $input) {
      ... on CreateServiceTokenSuccess { token serviceToken { id principalId } } } }`,
    { input },
    { token },
  );
  return createServiceToken;
}
