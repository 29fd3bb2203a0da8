import { type OperationDefinitionNode, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleOperations } from '../../src/server/graphql/example-operations.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

let gateway: TestGateway;
const variables: Record<string, string> = {};
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 20 });
  // What the examples tell their reader to look up first.
  await until(async () => {
    const { workload } = await ask<
      { workload: { id: string; pods: { nodes: { name: string; isReady: boolean }[] } } },
      object
    >(
      gateway,
      '{ workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "vote-front") { id pods { nodes { name isReady } } } }',
    );
    const ready = workload.pods.nodes.find((pod) => pod.isReady);
    if (!ready) throw new Error('no pod is ready yet');
    variables.id = workload.id;
    variables.pod = ready.name;
  });
});
afterAll(() => gateway.stop());

const operations = exampleOperations.flatMap((text) =>
  parse(text).definitions.map((definition) => definition as OperationDefinitionNode),
);

describe('the examples in GraphiQL (CORE-41)', () => {
  it.each(
    operations.map((operation) => ({ name: operation.name?.value ?? '', operation })),
  )('$name works on the sample', async ({ operation }) => {
    const text = print(operation);
    const declared = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
    const given = Object.fromEntries(Object.entries(variables).filter(([name]) => declared.has(name)));
    if (operation.operation !== 'subscription') {
      const data = await ask<Record<string, unknown>, object>(gateway, text, given);
      expect(JSON.stringify(data)).toContain('vote-front');
      return;
    }
    await using stream = gateway.subscribe(text, given);
    expect((await stream.next()).data).toBeTruthy();
  });
});
