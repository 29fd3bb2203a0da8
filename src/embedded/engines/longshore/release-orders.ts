import { type CrdColumn, defineCrd, type Schema } from '../define-crd.ts';

const text = (maxLength: number, description: string, more: object = {}): Schema => ({
  type: 'string',
  description,
  maxLength,
  ...more,
});
const flag = (description: string): Schema => ({ type: 'boolean', description });
const count = (maximum: number, description: string, minimum = 0): Schema => ({
  type: 'integer',
  description,
  minimum,
  maximum,
});
const moment = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const list = (maxItems: number, items: Schema, description: string, more: object = {}): Schema => ({
  ...{ type: 'array', description, maxItems, items },
  ...more,
});
const object = (description: string, properties: Readonly<Record<string, Schema>>, more: object = {}): Schema => ({
  ...{ type: 'object', description, properties },
  ...more,
});
const asSet = { 'x-kubernetes-list-type': 'set' };
const asMap = (key: string) => ({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });
const rules = (...given: readonly { readonly rule: string; readonly message: string }[]) => ({
  'x-kubernetes-validations': given,
});

const mostServices = 200;
const mostGroups = 1_000;
const appService = text(63, 'Name of an app service of this namespace.', { minLength: 1 });

const change = object(
  'In place of a version: one that is made with the order, of what runs, and differs in this alone.',
  {
    images: list(
      50,
      object(
        'Another image for a container.',
        {
          container: text(63, 'Name of the container.', { minLength: 1 }),
          image: text(500, 'Image with its tag or digest.', { minLength: 1 }),
        },
        { required: ['container', 'image'] },
      ),
      'Other images, by containers.',
      asMap('container'),
    ),
    replicas: count(100_000, 'Another number of pods, in all deployment units together.'),
  },
  { minProperties: 1 },
);

const service = object(
  'An app service of the order.',
  {
    appService,
    version: {
      description:
        'Number of the version to release, or its global id; any that was submitted. The newest at the time the order is made where neither this nor change is given.',
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      'x-kubernetes-int-or-string': true,
      maxLength: 300,
    },
    change,
    dependsOn: list(
      mostServices,
      appService,
      'Names of app services of the same order that are released first.',
      asSet,
    ),
  },
  {
    required: ['appService'],
    ...rules({
      rule: '!(has(self.version) && has(self.change))',
      message: 'say a version, or what a new one changes',
    }),
  },
);

const spec = object(
  'What is wanted. Once the order is made, title, services, units and betaGroup stay as they are: another order is another object.',
  {
    title: text(128, 'What people call the order; the name of this object where not given.', { minLength: 1 }),
    services: list(
      mostServices,
      service,
      'What is released, each app service once.',
      Object.assign({ minItems: 1 }, asMap('appService')),
    ),
    units: list(
      100,
      text(253, 'Name of a deployment unit.', { minLength: 1 }),
      'Deployment units; all where empty.',
      asSet,
    ),
    betaGroup: flag('Whether one pod of each deployment unit is updated first; true where not given.'),
    acknowledge: list(
      100,
      text(100, 'A member of the enum WarningCode.', { minLength: 1 }),
      'Warnings that you know of and accept; what is found and is not here refuses with ACKNOWLEDGEMENT_REQUIRED.',
      asSet,
    ),
    start: flag('Whether the order is started once it is planned; false where not given. What has begun goes on.'),
    confirmedGroups: count(
      mostGroups,
      'How many groups of each app service are confirmed, from the first, which is the beta group: a release that waits behind one of them goes on. 0 where not given.',
    ),
    confirmedGroupsOf: {
      type: 'object',
      description: 'The same for single app services, by name, in place of confirmedGroups.',
      maxProperties: mostServices,
      additionalProperties: count(mostGroups, 'How many of its groups are confirmed.'),
    },
    cancelled: flag('Whether the order is to end where it is, before its start or while it waits.'),
    rollback: object(
      'Takes the order back to what ran before.',
      {
        confirm: text(500, "The order's title, or the phrase of its place's profile, typed again.", { minLength: 1 }),
        confirmed: flag('Confirms that all is as it was before, which ends the order.'),
      },
      { required: ['confirm'] },
    ),
  },
  {
    required: ['services'],
    ...rules({
      rule: '!(has(self.cancelled) && self.cancelled && has(self.rollback))',
      message: 'an order is cancelled or rolled back, not both',
    }),
  },
);

const condition = object(
  'One side of how it stands.',
  {
    type: text(316, 'Accepted, InSync, Progressing, Ready or Stalled.'),
    status: { type: 'string', enum: ['True', 'False', 'Unknown'], description: 'Whether it holds.' },
    observedGeneration: { type: 'integer', format: 'int64', description: 'Generation of the object that it is about.' },
    lastTransitionTime: moment('When the status changed last.'),
    reason: text(1_024, 'A code, the same as in the GraphQL API.', { minLength: 1 }),
    message: text(32_768, 'The same for people.'),
  },
  { required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'] },
);

const percent = count(100, 'Pods that are updated, of all, in percent.');
const pods = { type: 'integer', minimum: 0 };
const serviceStatus = object(
  'How the release of one app service stands.',
  {
    appService,
    version: { type: 'integer', description: 'Number of the version that is released.' },
    state: text(64, 'State of its release, as in the GraphQL API.'),
    group: { ...pods, description: 'Position, from 1, of the group that is under way or comes next.' },
    groups: { ...pods, description: 'How many groups it has.' },
    percent,
    reason: text(2_000, 'Why it is in this state, for people.'),
  },
  { required: ['appService', 'state'] },
);

const status = object('How the order stands.', {
  observedGeneration: { type: 'integer', format: 'int64', description: 'Generation of the object that this is about.' },
  orderId: text(2_048, 'Global id of the release order.'),
  phase: text(
    64,
    'State of the order, as in the GraphQL API; REFUSED where none was made, DELETED where it is not there any more.',
  ),
  reason: text(2_000, 'Why it is in this state, for people.'),
  updatedPods: { ...pods, description: 'Pods of all groups that are updated.' },
  totalPods: { ...pods, description: 'Pods of all groups.' },
  percent,
  startedAt: moment('When it was started.'),
  finishedAt: moment('When it ended.'),
  updatedAt: moment('When this was written.'),
  services: list(mostServices, serviceStatus, 'How each app service stands.', asMap('appService')),
  conditions: list(
    16,
    condition,
    'Accepted: the order was made. InSync: what the spec wants was done. Progressing. Ready: it has succeeded. Stalled: it cannot go on by itself.',
    asMap('type'),
  ),
});

const columns: readonly CrdColumn[] = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'State of the order.' },
  { name: 'Percent', type: 'integer', jsonPath: '.status.percent', description: 'Pods that are updated, in percent.' },
  { name: 'In sync', type: 'string', jsonPath: '.status.conditions[?(@.type=="InSync")].status' },
  { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="InSync")].message', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** Once there is an order, what it is made of stays. */
const stays = (field: string) => ({
  rule: `!has(oldSelf.status) || !has(oldSelf.status.orderId) || (has(self.spec.${field}) == has(oldSelf.spec.${field}) && (!has(self.spec.${field}) || self.spec.${field} == oldSelf.spec.${field}))`,
  message: `spec.${field} stays once the order is made: another order is another object`,
});

/** `ReleaseOrder` of release.longshore.dev: a release order of the platform, driven by `kubectl apply`. */
export const releaseOrderDefinition = defineCrd(
  {
    group: 'release.longshore.dev',
    kind: 'ReleaseOrder',
    plural: 'releaseorders',
    shortNames: ['ro'],
    categories: ['longshore'],
    description:
      'ReleaseOrder is a release order of Longshore: app services of its namespace that are released together.',
  },
  [
    {
      name: 'v1alpha1',
      required: ['spec'],
      spec,
      status,
      columns,
      rules: ['title', 'services', 'units', 'betaGroup'].map(stays),
    },
  ],
);
