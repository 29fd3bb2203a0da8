import { defineCrd, type Schema } from '../../define-crd.ts';
import { coreGroup, version } from '../groups.ts';
import {
  ageColumn,
  anything,
  className,
  conditionColumn,
  conditions,
  failureDomain,
  filled,
  flag,
  gates,
  generation,
  healthCheck,
  list,
  machineDeletion,
  mapList,
  metadata,
  notNegative,
  object,
  oneOf,
  pausedColumn,
  rolloutStrategy,
  some,
  taints,
  templateRef,
  textMap,
  topologyDeletion,
  versionText,
} from './schema-parts.ts';

const naming = some({ template: filled(1024) });
const referring = object({ templateRef }, ['templateRef']);
const limit: Schema = { type: 'integer', format: 'int64' };

/** What a variable's value must be; a part of OpenAPI 3, as definitions of custom resources use it. */
const openApiSchema = some({
  additionalProperties: anything,
  allOf: anything,
  anyOf: anything,
  default: anything,
  description: filled(4096),
  enum: { type: 'array', items: anything, maxItems: 100, 'x-kubernetes-list-type': 'atomic' },
  example: anything,
  exclusiveMaximum: flag,
  exclusiveMinimum: flag,
  format: filled(32),
  items: anything,
  maxItems: limit,
  maxLength: limit,
  maxProperties: limit,
  maximum: limit,
  minItems: limit,
  minLength: limit,
  minProperties: limit,
  minimum: limit,
  not: anything,
  oneOf: anything,
  pattern: filled(512),
  properties: anything,
  required: list(filled(256), 1000),
  type: oneOf('object', 'array', 'string', 'integer', 'number', 'boolean'),
  uniqueItems: flag,
  'x-kubernetes-int-or-string': flag,
  'x-kubernetes-preserve-unknown-fields': flag,
  'x-kubernetes-validations': mapList(
    ['rule'],
    object(
      {
        fieldPath: filled(512),
        message: filled(512),
        messageExpression: filled(1024),
        reason: {
          ...oneOf('FieldValueInvalid', 'FieldValueForbidden', 'FieldValueRequired', 'FieldValueDuplicate'),
          default: 'FieldValueInvalid',
        },
        rule: filled(4096),
      },
      ['rule'],
    ),
    100,
  ),
  'x-metadata': metadata,
});
const variableSchema = object({ openAPIV3Schema: openApiSchema }, ['openAPIV3Schema']);
const variable = object(
  { deprecatedV1Beta1Metadata: metadata, name: filled(256), required: flag, schema: variableSchema },
  ['name', 'required', 'schema'],
);
const shown = object(
  { deprecatedV1Beta1Metadata: metadata, from: filled(256), required: flag, schema: variableSchema },
  ['from', 'required', 'schema'],
);

const classNames = object({
  names: { type: 'array', items: className, maxItems: 100, 'x-kubernetes-list-type': 'atomic' },
});
const jsonPatch = object(
  {
    op: oneOf('add', 'replace', 'remove'),
    path: filled(512),
    value: anything,
    valueFrom: object({ template: filled(10_240), variable: filled(256) }),
  },
  ['op', 'path'],
);
const patchSelector = object(
  {
    apiVersion: (templateRef.properties as Record<string, Schema>).apiVersion ?? {},
    kind: (templateRef.properties as Record<string, Schema>).kind ?? {},
    matchResources: some({
      controlPlane: flag,
      infrastructureCluster: flag,
      machineDeploymentClass: classNames,
      machinePoolClass: classNames,
    }),
  },
  ['apiVersion', 'kind', 'matchResources'],
);
const patch = object(
  {
    definitions: {
      type: 'array',
      maxItems: 100,
      'x-kubernetes-list-type': 'atomic',
      items: object({ jsonPatches: list(jsonPatch, 100), selector: patchSelector }, ['jsonPatches', 'selector']),
    },
    description: filled(1024),
    enabledIf: filled(256),
    external: object({
      discoverVariablesExtension: filled(512),
      generatePatchesExtension: filled(512),
      settings: textMap,
      validateTopologyExtension: filled(512),
    }),
    name: filled(256),
  },
  ['name'],
);

const workerClass = {
  bootstrap: referring,
  class: className,
  infrastructure: referring,
  metadata,
  minReadySeconds: notNegative,
  naming,
  taints,
};

export const clusterClassDefinition = defineCrd(
  {
    group: coreGroup,
    kind: 'ClusterClass',
    plural: 'clusterclasses',
    shortNames: ['cc'],
    categories: ['cluster-api'],
    description: 'ClusterClass is a template from which clusters are made and kept.',
  },
  [
    {
      name: version,
      required: ['spec'],
      spec: object(
        {
          availabilityGates: gates,
          controlPlane: object(
            {
              deletion: machineDeletion,
              healthCheck: healthCheck({ isTopology: false, isWorker: false }),
              machineInfrastructure: referring,
              metadata,
              naming,
              readinessGates: gates,
              taints,
              templateRef,
            },
            ['templateRef'],
          ),
          infrastructure: object({ naming, templateRef }, ['templateRef']),
          kubernetesVersions: list(versionText, 100),
          patches: list(patch, 1000),
          upgrade: some({ external: some({ generateUpgradePlanExtension: filled(512) }) }),
          variables: list(variable, 1000),
          workers: some({
            machineDeployments: mapList(
              ['class'],
              object(
                {
                  ...workerClass,
                  deletion: topologyDeletion,
                  failureDomain,
                  healthCheck: healthCheck({ isTopology: false, isWorker: true }),
                  readinessGates: gates,
                  rollout: some({ strategy: rolloutStrategy }),
                },
                ['bootstrap', 'class', 'infrastructure'],
              ),
              100,
            ),
            machinePools: mapList(
              ['class'],
              object(
                {
                  ...workerClass,
                  deletion: machineDeletion,
                  failureDomains: {
                    type: 'array',
                    items: failureDomain,
                    maxItems: 100,
                    'x-kubernetes-list-type': 'atomic',
                  },
                },
                ['bootstrap', 'class', 'infrastructure'],
              ),
              100,
            ),
          }),
        },
        ['controlPlane', 'infrastructure'],
      ),
      status: some({
        conditions,
        observedGeneration: generation,
        variables: {
          type: 'array',
          maxItems: 1000,
          'x-kubernetes-list-type': 'atomic',
          items: object({ definitions: list(shown, 100), definitionsConflict: flag, name: filled(256) }, [
            'definitions',
            'name',
          ]),
        },
      }),
      columns: [pausedColumn, conditionColumn('Variables Ready', 'VariablesReady'), ageColumn],
    },
  ],
);
