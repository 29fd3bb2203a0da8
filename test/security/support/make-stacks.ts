import { randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';

interface MadeStack {
  readonly id: string;
  readonly name: string;
  /** Text that no request contains. */
  readonly mark: string | undefined;
}

/** The stack of one place's project, without pods; `exists` tells whether there is to be one. */
export async function makeStackRow(
  gateway: TestGateway,
  admin: string,
  projectId: string,
  plainName: string,
  exists: boolean,
): Promise<MadeStack> {
  const name = `${plainName}-stack`;
  if (!exists) {
    return {
      id: encodeGlobalId({ of: 'row', plugin: 'release', type: 'Stack', key: randomUUID() }),
      name,
      mark: undefined,
    };
  }
  const mark = `marker-${randomUUID()}`;
  const content = `web: {image: "web:${mark}", replicas: 0}`;
  const input = { name, projectId, format: 'COMPOSE', content, cluster: 'alpha', namespace: 'shop' };
  const { made } = await ask<{ made: { readonly stack?: { readonly id: string } } }, object>(
    gateway,
    `mutation ($input: DeployTemplateInput!) { made: deployTemplate(input: $input) { __typename
      ... on DeployTemplateSuccess { stack { id } } ... on Error { message } ... on ValidationError { issues { message } } } }`,
    { input },
    { token: admin },
  );
  if (!made.stack) throw new Error(JSON.stringify(made));
  return { id: made.stack.id, name, mark };
}
