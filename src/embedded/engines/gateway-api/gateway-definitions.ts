import { type CrdVersion, defineCrd, type Schema } from '../define-crd.ts';
import { group } from './kinds.ts';
import {
  addressType,
  age,
  bundle,
  conditions,
  controller,
  count,
  groupName,
  hostname,
  hostnamePattern,
  kindName,
  labelSelector,
  list,
  mapList,
  namespaceName,
  object,
  objectName,
  parametersRef,
  pending,
  port,
  protocol,
  routeGroupKind,
  rule,
  secretRef,
  sectionName,
  text,
} from './shared-schemas.ts';

const named = (kind: string, plural: string, shortName: string) =>
  ({ group, kind, plural, shortNames: [shortName], categories: ['gateway-api'], annotations: bundle }) as const;

/** Both versions hold the same; v1 is the one stored. */
const bothVersions = (version: Omit<CrdVersion, 'name'>): CrdVersion[] => [
  { name: 'v1', ...version },
  { name: 'v1beta1', ...version },
];

export const gatewayClassDefinition = defineCrd(
  {
    ...named('GatewayClass', 'gatewayclasses', 'gc'),
    isClusterScoped: true,
    description: 'GatewayClass names the controller that serves a class of Gateways.',
  },
  bothVersions({
    required: ['spec'],
    spec: object(
      {
        controllerName: { ...controller, 'x-kubernetes-validations': [rule('self == oldSelf', 'field is immutable')] },
        description: { type: 'string', maxLength: 64 },
        parametersRef: object({ group: groupName, kind: kindName, name: objectName, namespace: namespaceName }, [
          'group',
          'kind',
          'name',
        ]),
      },
      ['controllerName'],
    ),
    status: {
      ...object({
        conditions: { ...conditions, default: pending('Accepted') },
        supportedFeatures: mapList('name', object({ name: text }, ['name']), { maxItems: 64 }),
      }),
      default: { conditions: pending('Accepted') },
    },
    columns: [
      { name: 'Controller', type: 'string', jsonPath: '.spec.controllerName' },
      { name: 'Accepted', type: 'string', jsonPath: '.status.conditions[?(@.type=="Accepted")].status' },
      age,
      { name: 'Description', type: 'string', jsonPath: '.spec.description', priority: 1 },
    ],
  }),
);

const tls: Schema = {
  ...object({
    mode: { type: 'string', default: 'Terminate', enum: ['Terminate', 'Passthrough'] },
    certificateRefs: list(secretRef, { maxItems: 64 }),
    options: { type: 'object', maxProperties: 16, additionalProperties: { type: 'string', maxLength: 4_096 } },
  }),
  'x-kubernetes-validations': [
    rule(
      "self.mode != 'Terminate' || size(self.certificateRefs) > 0 || size(self.options) > 0",
      'certificateRefs or options must be specified when mode is Terminate',
    ),
  ],
};

const from = (values: readonly string[], first: string): Schema => ({
  ...object({ from: { type: 'string', default: first, enum: values }, selector: labelSelector }),
  default: { from: first },
});

const listeners = mapList(
  'name',
  object(
    {
      name: sectionName,
      port,
      protocol,
      hostname,
      tls,
      allowedRoutes: {
        ...object({
          kinds: list(routeGroupKind, { maxItems: 8 }),
          namespaces: from(['All', 'Selector', 'Same'], 'Same'),
        }),
        default: { namespaces: { from: 'Same' } },
      },
    },
    ['name', 'port', 'protocol'],
  ),
  {
    minItems: 1,
    maxItems: 64,
    'x-kubernetes-validations': [
      rule(
        "self.all(l, !(l.protocol in ['HTTP', 'TCP', 'UDP']) || !has(l.tls))",
        "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
      ),
      rule(
        "self.all(l, !(l.protocol == 'HTTPS' && has(l.tls)) || l.tls.mode == '' || l.tls.mode == 'Terminate')",
        'tls mode must be Terminate for protocol HTTPS',
      ),
      rule(
        "self.all(l, l.protocol != 'TLS' || (has(l.tls) && has(l.tls.mode) && l.tls.mode != ''))",
        'tls mode must be set for protocol TLS',
      ),
      rule(
        "self.all(l, !(l.protocol in ['TCP', 'UDP']) || !has(l.hostname) || l.hostname == '')",
        "hostname must not be specified for protocols ['TCP', 'UDP']",
      ),
      rule('self.all(a, self.exists_one(b, a.name == b.name))', 'Listener name must be unique within the Gateway'),
      rule(
        'self.all(a, self.exists_one(b, a.port == b.port && a.protocol == b.protocol && (has(a.hostname) && has(b.hostname) ? a.hostname == b.hostname : !has(a.hostname) && !has(b.hostname))))',
        'Combination of port, protocol and hostname must be unique for each listener',
      ),
    ],
  },
);

const addressForm = {
  oneOf: [
    {
      properties: { type: { enum: ['IPAddress'] }, value: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] } },
    },
    { properties: { type: { not: { enum: ['IPAddress'] } } } },
  ],
};
const uniqueOf = (type: string): object =>
  rule(
    `self.all(a, a.type != '${type}' || !has(a.value) || self.exists_one(b, b.type == a.type && has(b.value) && b.value == a.value))`,
    `${type} values must be unique`,
  );
const hostnameOf = (expression: string, words: string): object =>
  rule(
    `self.type == 'Hostname' ? ${expression.replace('PATTERN', `r"""${hostnamePattern}"""`)} : true`,
    `Hostname value must ${words} (matching ${hostnamePattern})`,
  );

const keyRules = (word: string): object[] => [
  rule(
    'self.all(key, key.matches(r"""^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$"""))',
    `${word} keys must be in the form of an optional DNS subdomain prefix followed by a required name segment of up to 63 characters.`,
  ),
  rule(
    "self.all(key, key.split('/')[0].size() < 253)",
    `If specified, the ${word.toLowerCase()} key's prefix must be a DNS subdomain not longer than 253 characters in total.`,
  ),
];

const caRef = object({ group: groupName, kind: kindName, name: objectName, namespace: namespaceName }, [
  'group',
  'kind',
  'name',
]);
const clientValidation = object({
  validation: object(
    {
      caCertificateRefs: list(caRef, { minItems: 1, maxItems: 16 }),
      mode: { type: 'string', default: 'AllowValidOnly', enum: ['AllowValidOnly', 'AllowInsecureFallback'] },
    },
    ['caCertificateRefs'],
  ),
});

export const gatewayDefinition = defineCrd(
  {
    ...named('Gateway', 'gateways', 'gtw'),
    description: 'Gateway is a place where traffic comes in: addresses, and listeners that routes attach to.',
  },
  bothVersions({
    required: ['spec'],
    spec: object(
      {
        gatewayClassName: objectName,
        listeners,
        addresses: list(
          {
            ...object({ type: addressType, value: { type: 'string', maxLength: 253 } }),
            ...addressForm,
            'x-kubernetes-validations': [
              hostnameOf(
                '(!has(self.value) || self.value.matches(PATTERN))',
                'be empty or contain only valid characters',
              ),
            ],
          },
          { maxItems: 16, 'x-kubernetes-validations': [uniqueOf('IPAddress'), uniqueOf('Hostname')] },
        ),
        infrastructure: object({
          labels: {
            type: 'object',
            maxProperties: 8,
            additionalProperties: {
              type: 'string',
              maxLength: 63,
              pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$',
            },
            'x-kubernetes-validations': keyRules('Label'),
          },
          annotations: {
            type: 'object',
            maxProperties: 16,
            additionalProperties: { type: 'string', maxLength: 4_096 },
            'x-kubernetes-validations': keyRules('Annotation'),
          },
          parametersRef,
        }),
        allowedListeners: object({ namespaces: from(['All', 'Selector', 'Same', 'None'], 'None') }),
        tls: object({
          backend: object({ clientCertificateRef: secretRef }),
          frontend: object(
            {
              default: clientValidation,
              perPort: mapList('port', object({ port, tls: clientValidation }, ['port', 'tls']), {
                maxItems: 64,
                'x-kubernetes-validations': [
                  rule(
                    'self.all(a, self.exists_one(b, a.port == b.port))',
                    'Port for TLS configuration must be unique within the Gateway',
                  ),
                ],
              }),
            },
            ['default'],
          ),
        }),
      },
      ['gatewayClassName', 'listeners'],
    ),
    status: {
      ...object({
        addresses: list(
          {
            ...object({ type: addressType, value: objectName }, ['value']),
            ...addressForm,
            'x-kubernetes-validations': [hostnameOf('self.value.matches(PATTERN)', 'only contain valid characters')],
          },
          { maxItems: 16 },
        ),
        attachedListenerSets: count,
        conditions: { ...conditions, default: pending('Accepted', 'Programmed') },
        listeners: mapList(
          'name',
          object(
            {
              name: sectionName,
              attachedRoutes: count,
              supportedKinds: list(routeGroupKind, { maxItems: 8 }),
              conditions,
            },
            ['attachedRoutes', 'conditions', 'name'],
          ),
          { maxItems: 64 },
        ),
      }),
      default: { conditions: pending('Accepted', 'Programmed') },
    },
    columns: [
      { name: 'Class', type: 'string', jsonPath: '.spec.gatewayClassName' },
      { name: 'Address', type: 'string', jsonPath: '.status.addresses[*].value' },
      { name: 'Programmed', type: 'string', jsonPath: '.status.conditions[?(@.type=="Programmed")].status' },
      age,
    ],
  }),
);

const grantSpec = object(
  {
    from: list(object({ group: groupName, kind: kindName, namespace: namespaceName }, ['group', 'kind', 'namespace']), {
      minItems: 1,
      maxItems: 16,
    }),
    to: list(object({ group: groupName, kind: kindName, name: objectName }, ['group', 'kind']), {
      minItems: 1,
      maxItems: 16,
    }),
  },
  ['from', 'to'],
);

export const referenceGrantDefinition = defineCrd(
  {
    ...named('ReferenceGrant', 'referencegrants', 'refgrant'),
    description: 'ReferenceGrant lets objects of other namespaces refer to objects of its own.',
  },
  // The older one is stored, as in the bundle.
  ['v1beta1', 'v1'].map((name) => ({ name, required: ['spec'], spec: grantSpec, columns: [age] })),
);
