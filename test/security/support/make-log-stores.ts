import { randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';

interface MadeLogStore {
  readonly id: string;
  readonly name: string;
  /** Text that no request contains. */
  readonly mark: string | undefined;
}

/** The log store of one place's project; `exists` tells whether there is to be one. */
export async function makeLogStoreRow(
  gateway: TestGateway,
  admin: string,
  projectId: string,
  plainName: string,
  exists: boolean,
): Promise<MadeLogStore> {
  const name = `${plainName}-store`;
  if (!exists) {
    return {
      id: encodeGlobalId({ of: 'row', plugin: 'compute', type: 'LogStore', key: randomUUID() }),
      name,
      mark: undefined,
    };
  }
  const mark = `marker-${randomUUID()}`;
  const { createLogStore } = await ask<{ createLogStore: { logStore?: { id: string } } }, object>(
    gateway,
    `mutation ($input: CreateLogStoreInput!) { createLogStore(input: $input) { __typename
      ... on CreateLogStoreSuccess { logStore { id } } ... on Error { message } } }`,
    { input: { name, projectId, retentionDays: 7, description: mark } },
    { token: admin },
  );
  const { logStore } = createLogStore;
  if (!logStore) throw new Error(JSON.stringify(createLogStore));
  return { id: logStore.id, name, mark };
}
