import { expect } from 'vitest';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import { serveDefinition } from './support/serve-definition.ts';

const { conformanceCase } = conformanceArea('custom resources, the basics');

conformanceCase(
  {
    title: 'serves a custom resource after its definition, and no longer after the definition is deleted',
    source: 'tasks/extend-kubernetes/custom-resources/custom-resource-definitions: create and delete a definition',
  },
  async (t) => {
    const namespace = await t.namespace();
    const widgets = await serveDefinition(t, 'Widget');
    const made = await t.create(widgets.path(namespace), {
      apiVersion: `${widgets.group}/v1`,
      kind: 'Widget',
      metadata: { name: 'one' },
      spec: { size: 3 },
    });
    expect(made).toMatchObject({ kind: 'Widget', spec: { size: 3 }, metadata: { generation: 1 } });
    const definition = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${widgets.plural}.${widgets.group}`;
    expect((await t.api.delete(definition)).status).toBe(200);
    await eventually(async () => expect((await t.api.get(widgets.path(namespace))).status).toBe(404));
  },
);
