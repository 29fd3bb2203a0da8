import { randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';

interface MadeApplication {
  readonly id: string;
  readonly name: string;
  /** Text that no request contains. */
  readonly mark: string | undefined;
}

/** The application of one place; `exists` tells whether there is to be one. */
export async function makeApplicationRow(
  gateway: TestGateway,
  admin: string,
  { cluster, namespace, plainName }: Readonly<Record<'cluster' | 'namespace' | 'plainName', string>>,
  exists: boolean,
): Promise<MadeApplication> {
  const name = `${plainName}-application`;
  if (!exists) {
    const id = encodeGlobalId({ of: 'row', plugin: 'compute', type: 'Application', key: randomUUID() });
    return { id, name, mark: undefined };
  }
  const mark = `marker-${randomUUID()}`;
  const { createApplication } = await ask<{ createApplication: { application?: { id: string } } }, object>(
    gateway,
    `mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { __typename
      ... on CreateApplicationSuccess { application { id } } ... on Error { message } } }`,
    { input: { name, cluster, namespace, alias: mark } },
    { token: admin },
  );
  const { application } = createApplication;
  if (!application) throw new Error(JSON.stringify(createApplication));
  return { id: application.id, name, mark };
}
