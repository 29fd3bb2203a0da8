import { describe, expect, it } from 'vitest';
import { StatusError } from '../../api/status-error.ts';
import { createManualClock } from '../../controllers/testing/manual-clock.ts';
import type { JsonObject } from '../../machinery/json.ts';
import { createClusterStore } from '../../store/create-cluster-store.ts';
import { builtInResources } from '../built-in-resources.ts';

/** The words of Kubernetes 1.36 for each, compared with a server of that version. */
describe('a CustomResourceDefinition', () => {
  it.each([
    {
      name: 'places without a type',
      schema: {
        type: 'object',
        properties: { spec: { properties: { a: {}, b: { type: 'array' }, c: { type: 'array', items: {} } } } },
      },
      causes: [
        'properties[spec].properties[a].type: Required value: must not be empty for specified object fields',
        'properties[spec].properties[b].items: Required value: must be specified',
        'properties[spec].properties[c].items.type: Required value: must not be empty for specified array items',
        'properties[spec].type: Required value: must not be empty for specified object fields',
      ],
    },
    {
      name: 'a root without a type',
      schema: { properties: {} },
      causes: ['type: Required value: must not be empty at the root'],
    },
    {
      name: 'a root that is no object',
      schema: { type: 'string' },
      causes: ['type: Invalid value: "string": must be object at the root'],
    },
    {
      name: 'a type there is none of',
      schema: { type: 'object', properties: { spec: { type: 'foo' } } },
      causes: [
        'properties[spec].type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"',
      ],
    },
    {
      name: 'specifications below a junctor',
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: { a: { type: 'string' } },
            anyOf: [
              {
                type: 'object',
                description: 'x',
                title: 't',
                default: {},
                nullable: true,
                properties: { b: { type: 'string', 'x-kubernetes-preserve-unknown-fields': true } },
              },
              { required: ['a'], additionalProperties: true, 'x-kubernetes-int-or-string': true },
            ],
            not: { items: {} },
          },
        },
      },
      causes: [
        'properties[spec].anyOf[0].default: Forbidden: must be undefined to be structural',
        'properties[spec].anyOf[0].description: Forbidden: must be empty to be structural',
        'properties[spec].anyOf[0].nullable: Forbidden: must be false to be structural',
        'properties[spec].anyOf[0].properties[b].type: Forbidden: must be empty to be structural',
        'properties[spec].anyOf[0].properties[b].x-kubernetes-preserve-unknown-fields: Forbidden: must be false to be structural',
        'properties[spec].anyOf[0].title: Forbidden: must be empty to be structural',
        'properties[spec].anyOf[0].type: Forbidden: must be empty to be structural',
        'properties[spec].anyOf[1].additionalProperties: Forbidden: must be undefined to be structural',
        'properties[spec].anyOf[1].x-kubernetes-int-or-string: Forbidden: must be false to be structural',
      ],
    },
    {
      name: 'preserve-unknown-fields: false',
      schema: {
        type: 'object',
        properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': false } },
      },
      causes: [
        'properties[spec].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined',
      ],
    },
    {
      name: 'int-or-string with other markers',
      schema: {
        type: 'object',
        properties: {
          spec: {
            'x-kubernetes-int-or-string': true,
            'x-kubernetes-preserve-unknown-fields': true,
            'x-kubernetes-embedded-resource': true,
          },
        },
      },
      causes: [
        'properties[spec].type: Required value: must be object if x-kubernetes-embedded-resource is true',
        'properties[spec].x-kubernetes-embedded-resource: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
        'properties[spec].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
      ],
    },
    {
      name: 'an embedded resource without properties',
      schema: { type: 'object', properties: { spec: { type: 'object', 'x-kubernetes-embedded-resource': true } } },
      causes: [
        'properties[spec].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ],
    },
    {
      name: 'an embedded resource without a type',
      schema: {
        type: 'object',
        properties: { spec: { 'x-kubernetes-embedded-resource': true, additionalProperties: true } },
      },
      causes: [
        'properties[spec].additionalProperties: Forbidden: must not be used if x-kubernetes-embedded-resource is set',
        'properties[spec].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
        'properties[spec].type: Required value: must be object if x-kubernetes-embedded-resource is true',
      ],
    },
    {
      name: 'restrictions of metadata',
      schema: {
        type: 'object',
        properties: {
          metadata: {
            type: 'object',
            properties: { name: { type: 'string', pattern: 'a' }, labels: { type: 'object' } },
          },
          kind: { type: 'integer' },
        },
      },
      causes: [
        'properties[kind].type: Invalid value: "integer": must be string',
        'properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      ],
    },
    {
      name: 'additionalProperties at the root',
      schema: { type: 'object', additionalProperties: true },
      causes: ['additionalProperties: Forbidden: must not be used at the root'],
    },
    {
      name: 'additionalProperties beside properties',
      schema: {
        type: 'object',
        properties: {
          spec: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
        },
      },
      causes: [
        'properties[spec].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
      ],
    },
    {
      name: 'uniqueItems',
      schema: { type: 'object', properties: { spec: { type: 'array', items: { type: 'string' }, uniqueItems: true } } },
      causes: [
        'properties[spec].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ],
    },
    {
      name: '$ref',
      schema: { type: 'object', properties: { spec: { type: 'object', $ref: '#/x' } } },
      causes: ['properties[spec].$ref: Forbidden: $ref is not supported'],
    },
    {
      name: 'a list type on an object',
      schema: { type: 'object', properties: { spec: { type: 'object', 'x-kubernetes-list-type': 'map' } } },
      causes: [
        'properties[spec].items: Required value: must have a schema if x-kubernetes-list-type is map',
        'properties[spec].type: Invalid value: "object": must be array if x-kubernetes-list-type is specified',
        'properties[spec].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
      ],
    },
    {
      name: 'map keys that are no scalars, missing or twice',
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'array',
            items: { type: 'object', properties: { a: { type: 'object' } } },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['a', 'b', 'b'],
          },
        },
      },
      causes: [
        'properties[spec].items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        'properties[spec].items.properties[a].type: Invalid value: "object": must be a scalar type if parent array\'s x-kubernetes-list-type is map',
        'properties[spec].x-kubernetes-list-map-keys: Invalid value: ["a","b","b"]: entries must all be names of item properties',
        'properties[spec].x-kubernetes-list-map-keys: Invalid value: ["a","b","b"]: entries must all be names of item properties',
        'properties[spec].x-kubernetes-list-map-keys: Invalid value: ["a","b","b"]: must not contain duplicate entries',
      ],
    },
    {
      name: 'a list type there is none of',
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'array',
            items: { type: 'object' },
            'x-kubernetes-list-type': 'foo',
            'x-kubernetes-list-map-keys': ['a'],
          },
        },
      },
      causes: [
        'properties[spec].x-kubernetes-list-type: Invalid value: "foo": must be map if x-kubernetes-list-map-keys is non-empty',
        'properties[spec].x-kubernetes-list-type: Unsupported value: "foo": supported values: "atomic", "set", "map"',
      ],
    },
    {
      name: 'map keys that may be null',
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'array',
            items: { type: 'object', nullable: true, properties: { a: { type: 'string', nullable: true } } },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['a'],
          },
        },
      },
      causes: [
        'properties[spec].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is map',
        'properties[spec].items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        'properties[spec].items.properties[a].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable',
      ],
    },
    {
      name: 'a set of granular objects',
      schema: {
        type: 'object',
        properties: { spec: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'set' } },
      },
      causes: [
        'properties[spec].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
      ],
    },
    {
      name: 'a map type on a string',
      schema: { type: 'object', properties: { spec: { type: 'string', 'x-kubernetes-map-type': 'foo' } } },
      causes: [
        'properties[spec].type: Invalid value: "string": must be object if x-kubernetes-map-type is specified',
        'properties[spec].x-kubernetes-map-type: Unsupported value: "foo": supported values: "atomic", "granular"',
      ],
    },
    {
      name: 'defaults that are invalid or unknown',
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: {
              a: { type: 'string', default: 5 },
              b: { type: 'object', default: { x: 1 } },
              c: { type: 'array', items: { type: 'integer', default: 'a' } },
            },
          },
        },
      },
      causes: [
        'properties[spec].properties[a].default: Invalid value: "integer":  in body must be of type string: "integer"',
        'properties[spec].properties[b].default: Invalid value: {"x":1}: must not have unknown fields',
        'properties[spec].properties[c].items.default: Invalid value: "string":  in body must be of type integer: "string"',
      ],
    },
    {
      name: 'a default in metadata',
      schema: {
        type: 'object',
        properties: { metadata: { type: 'object', properties: { name: { type: 'string', default: 'a' } } } },
      },
      causes: ['properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata'],
    },
    {
      name: 'a pattern that is none',
      schema: { type: 'object', properties: { spec: { type: 'string', pattern: 'a(' } } },
      causes: [
        'properties[spec].pattern: Invalid value: "a(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `a(`',
      ],
    },
    {
      name: 'a nullable root',
      schema: { type: 'object', nullable: true },
      causes: ['nullable: Forbidden: nullable cannot be true at the root'],
    },
    {
      name: 'rules without words',
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            'x-kubernetes-validations': [
              { rule: ' ' },
              { rule: 'true', message: ' ', reason: 'Foo', fieldPath: '.x' },
              { rule: 'true\n', message: 'a\nb' },
              { rule: 'self.foo' },
            ],
          },
        },
      },
      causes: [
        'properties[spec].x-kubernetes-validations[0].rule: Required value: rule is not specified',
        'properties[spec].x-kubernetes-validations[1].fieldPath: Invalid value: ".x": must be a valid path',
        'properties[spec].x-kubernetes-validations[1].message: Invalid value: " ": must be non-empty if specified',
        'properties[spec].x-kubernetes-validations[1].reason: Unsupported value: "Foo": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
        'properties[spec].x-kubernetes-validations[2].message: Invalid value: "a\\nb": must not contain line breaks',
      ],
    },
  ])('may not have $name in its schema (refused)', ({ schema, causes }) => {
    const refused = causesOf(definitionWith(schema)).map((cause) =>
      cause.replace(/^spec\.validation\.openAPIV3Schema\./, ''),
    );
    expect(refused).toEqual(causes);
  });

  it.each([
    {
      name: 'nothing at all',
      sent: { metadata: { name: 'foos.crd2.test' } },
      causes: [
        'metadata.name: Invalid value: "foos.crd2.test": must be spec.names.plural+"."+spec.group',
        'spec.group: Required value',
        'spec.names.kind: Required value',
        'spec.names.listKind: Required value',
        'spec.names.plural: Required value',
        'spec.names.singular: Required value',
        'spec.scope: Required value',
        'spec.versions: Invalid value: null: must have exactly one version marked as storage version',
        'status.storedVersions: Invalid value: null: must have at least one stored version',
      ],
    },
    {
      name: 'another name',
      sent: definition({}, { name: 'bars.crd2.test' }),
      causes: ['metadata.name: Invalid value: "bars.crd2.test": must be spec.names.plural+"."+spec.group'],
    },
    {
      name: 'no versions',
      sent: definition({ versions: [] }),
      causes: [
        'spec.versions: Invalid value: []: must have exactly one version marked as storage version',
        'status.storedVersions: Invalid value: null: must have at least one stored version',
      ],
    },
    {
      name: 'no storage version',
      sent: definition({ versions: [version({ storage: false })] }),
      causes: [
        'spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
        'status.storedVersions: Invalid value: null: must have at least one stored version',
      ],
    },
    {
      name: 'two storage versions',
      sent: definition({ versions: [version(), version({ name: 'v2' })] }),
      causes: [
        'spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null},{"Name":"v2","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
        'status.storedVersions: Invalid value: ["v1"]: must have the storage version v2',
      ],
    },
    {
      name: 'two versions of one name',
      sent: definition({ versions: [version(), version({ storage: false })] }),
      causes: [
        'spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null},{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must contain unique version names',
      ],
    },
    {
      name: 'no schema',
      sent: definition({ versions: [version({ schema: undefined })] }),
      causes: ['spec.versions[0].schema.openAPIV3Schema: Required value'],
    },
    {
      name: 'a scope there is none of',
      sent: definition({ scope: 'Foo' }),
      causes: ['spec.scope: Unsupported value: "Foo": supported values: "Cluster", "Namespaced"'],
    },
    {
      name: 'a group that is no domain',
      sent: definition({ group: 'foo' }),
      causes: [
        'metadata.name: Invalid value: "foos.crd2.test": must be spec.names.plural+"."+spec.group',
        'spec.group: Invalid value: "foo": should be a domain with at least one dot',
      ],
    },
    {
      name: 'names that are no labels',
      sent: definition({
        names: { plural: 'Foos', kind: 'Foo_', shortNames: ['A'], categories: ['B'], listKind: 'Foo_', singular: 'X' },
      }),
      causes: [
        'metadata.name: Invalid value: "foos.crd2.test": must be spec.names.plural+"."+spec.group',
        "spec.names.categories[0]: Invalid value: \"B\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        "spec.names.kind: Invalid value: \"Foo_\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        'spec.names.listKind: Invalid value: "Foo_": kind and listKind may not be the same',
        "spec.names.listKind: Invalid value: \"Foo_\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        "spec.names.plural: Invalid value: \"Foos\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        "spec.names.shortNames[0]: Invalid value: \"A\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        "spec.names.singular: Invalid value: \"X\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ],
    },
    {
      name: 'a version that is no label',
      sent: definition({ versions: [version({ name: '1' })] }),
      causes: [
        "spec.version: Invalid value: \"1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        "spec.versions[0].name: Invalid value: \"1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ],
    },
    {
      name: 'preserveUnknownFields',
      sent: definition({ preserveUnknownFields: true }),
      causes: [
        'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ],
    },
    {
      name: 'scale paths outside spec and status',
      sent: definition({
        versions: [
          version({
            subresources: {
              scale: { specReplicasPath: 'spec.x', statusReplicasPath: '.spec.y', labelSelectorPath: '.foo' },
            },
          }),
        ],
      }),
      causes: [
        'spec.subresources.scale.labelSelectorPath: Invalid value: ".foo": should be a json path under either .spec or .status',
        'spec.subresources.scale.specReplicasPath: Invalid value: "spec.x": must be a simple json path starting with .',
        'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.y": should be a json path under .status',
      ],
    },
    {
      name: 'a scale without paths',
      sent: definition({ versions: [version({ subresources: { scale: {} } })] }),
      causes: [
        'spec.subresources.scale.specReplicasPath: Required value',
        'spec.subresources.scale.statusReplicasPath: Required value',
      ],
    },
    {
      name: 'columns without type, name or path',
      sent: definition({
        versions: [
          version({ additionalPrinterColumns: [{ name: '', type: 'foo', jsonPath: 'x', format: 'foo' }, {}] }),
        ],
      }),
      causes: [
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "x": must be a simple json path starting with .',
        'spec.additionalPrinterColumns[0].format: Invalid value: "foo": must be one of byte,date,date-time,double,float,int32,int64,password',
        'spec.additionalPrinterColumns[0].name: Required value',
        'spec.additionalPrinterColumns[0].type: Invalid value: "foo": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[1].JSONPath: Required value',
        'spec.additionalPrinterColumns[1].name: Required value',
        'spec.additionalPrinterColumns[1].type: Required value: must be one of boolean,date,integer,number,string',
      ],
    },
    {
      name: 'selectable fields that are none',
      sent: definition({
        versions: [
          version({
            selectableFields: [
              { jsonPath: '.spec.x' },
              { jsonPath: '.spec' },
              { jsonPath: '' },
              { jsonPath: '.metadata.name' },
            ],
          }),
        ],
      }),
      causes: [
        'spec.selectableFields[0].jsonPath: Invalid value: ".spec.x": is an invalid path: does not refer to a valid field',
        'spec.selectableFields[1].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
        'spec.selectableFields[2].jsonPath: Required value',
        'spec.selectableFields[3].jsonPath: Invalid value: ".metadata.name": is an invalid path: does not refer to a valid field',
      ],
    },
    {
      name: 'a conversion there is none of',
      sent: definition({ conversion: { strategy: 'Foo' } }),
      causes: ['spec.conversion.strategy: Unsupported value: "Foo": supported values: "None", "Webhook"'],
    },
    {
      name: 'a webhook without a client',
      sent: definition({ conversion: { strategy: 'Webhook' } }),
      causes: [
        'spec.conversion.conversionReviewVersions: Required value',
        'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
      ],
    },
    {
      name: 'a webhook without an address',
      sent: definition({
        conversion: { strategy: 'Webhook', webhook: { clientConfig: {}, conversionReviewVersions: ['v9'] } },
      }),
      causes: [
        'spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1',
        'spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required',
      ],
    },
    {
      name: 'a protected group without approval',
      sent: definition({ group: 'foo.k8s.io' }, { name: 'foos.foo.k8s.io' }),
      causes: [
        'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    },
    {
      name: 'a protected group with a poor approval',
      sent: definition(
        { group: 'foo.k8s.io' },
        { name: 'foos.foo.k8s.io', annotations: { 'api-approved.kubernetes.io': 'abc' } },
      ),
      causes: [
        'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "abc": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    },
    {
      name: 'a mistake in one of two schemas',
      sent: definition({
        versions: [
          version(),
          version({ name: 'v2', storage: false, schema: { openAPIV3Schema: specOf({ properties: { a: {} } }) } }),
        ],
      }),
      causes: [
        'spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields',
        'spec.versions[1].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
      ],
    },
    {
      name: 'a warning without a deprecation',
      sent: definition({ versions: [version({ deprecationWarning: 'x' })] }),
      causes: ['spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions'],
    },
  ])('may not have $name (refused)', ({ sent, causes }) => {
    expect(causesOf(sent)).toEqual(causes);
  });

  it.each([
    {
      name: 'an int-or-string that says so twice',
      schema: specOf({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }),
    },
    {
      name: 'defaults that are pruned and valid',
      schema: specOf({ type: 'object', properties: { a: { type: 'string', default: 'x' } } }),
    },
    {
      name: 'a restricted name',
      schema: {
        type: 'object',
        properties: { metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 20 } } } },
      },
    },
    {
      name: 'a keyed list',
      schema: specOf({
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['a'],
        items: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
      }),
    },
    {
      name: 'validation rules',
      schema: specOf({
        type: 'object',
        properties: { a: { type: 'integer' } },
        'x-kubernetes-validations': [{ rule: 'self.a > 1', message: 'a must be more than 1', fieldPath: '.a' }],
      }),
    },
    { name: 'a format nobody checks', schema: specOf({ type: 'string', format: 'foo' }) },
  ])('may have $name', ({ schema }) => {
    expect(causesOf(definitionWith(schema))).toEqual([]);
  });
});

function specOf(spec: object): object {
  return { type: 'object', properties: { spec } };
}

function version(change: object = {}): object {
  return {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: specOf({ type: 'object' }) },
    ...change,
  };
}

function definition(spec: object = {}, metadata: object = { name: 'foos.crd2.test' }): object {
  const names = { plural: 'foos', kind: 'Foo' };
  return { metadata, spec: { group: 'crd2.test', scope: 'Namespaced', names, versions: [version()], ...spec } };
}

function definitionWith(schema: object): object {
  return definition({ versions: [version({ schema: { openAPIV3Schema: schema } })] });
}

/** `field: message` of every cause, in order; empty for what is accepted. */
function causesOf(sent: object): string[] {
  const { store } = createClusterStore({
    clock: createManualClock(),
    resources: builtInResources,
    hasControllers: false,
  });
  try {
    store.create(store.resource('apiextensions.k8s.io', 'customresourcedefinitions'), sent as JsonObject);
    return [];
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    expect(error.code).toBe(422);
    return (error.status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`).sort();
  }
}
