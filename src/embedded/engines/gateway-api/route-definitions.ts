import { type CrdColumn, type CrdVersion, defineCrd, type Schema } from '../define-crd.ts';
import type { EngineObject } from '../engine.ts';
import { group, type RouteKind, routePlurals } from './kinds.ts';
import { grpcRules, httpRules } from './rule-schemas.ts';
import {
  age,
  backendRef,
  bundle,
  hostname,
  hostnamesColumn,
  list,
  object,
  parentRefs,
  routeStatus,
  rule,
  ruleSubdomain,
  sectionName,
} from './shared-schemas.ts';

/** Exactly one, that only says where to. */
const plainRules = list(
  object({ name: sectionName, backendRefs: list(backendRef(), { minItems: 1, maxItems: 16 }) }, ['backendRefs']),
  { minItems: 1, maxItems: 1 },
);
const hostnames = list(hostname, { maxItems: 16 });
const serverNames = list(hostname, {
  minItems: 1,
  maxItems: 1_024,
  'x-kubernetes-validations': [
    rule('self.all(h, !isIP(h))', 'Hostnames cannot contain an IP'),
    rule(
      `self.all(h, h.contains('*') || h.matches(r"""${ruleSubdomain}"""))`,
      'Hostnames must be valid based on RFC-1123',
    ),
    rule(
      `self.all(h, !h.contains('*') || (h.startsWith('*.') && h.substring(2).matches(r"""${ruleSubdomain}""")))`,
      'Wildcards on hostnames must be the first label, and the rest of hostname must be valid based on RFC-1123',
    ),
  ],
});

interface RouteShape {
  readonly kind: RouteKind;
  readonly description: string;
  readonly spec: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly columns?: readonly CrdColumn[];
  /** A further version with the same fields. */
  readonly alsoAs?: { readonly name: string; readonly isServed: boolean };
}

function defineRoute(shape: RouteShape): EngineObject {
  const { kind, description, alsoAs } = shape;
  const version: Omit<CrdVersion, 'name'> = {
    required: ['spec'],
    spec: object({ parentRefs, ...shape.spec }, shape.required),
    status: routeStatus,
    columns: [...(shape.columns ?? []), age],
  };
  return defineCrd(
    { group, kind, plural: routePlurals[kind], categories: ['gateway-api'], annotations: bundle, description },
    [{ name: 'v1', ...version }, ...(alsoAs === undefined ? [] : [{ ...version, ...alsoAs }])],
  );
}

/** The five kinds of routes of the standard channel of Gateway API 1.6. */
export const routeDefinitions: readonly EngineObject[] = [
  defineRoute({
    kind: 'HTTPRoute',
    description: 'HTTPRoute says by host, path, header and method where HTTP requests go.',
    spec: { hostnames, rules: httpRules },
    columns: [hostnamesColumn],
    alsoAs: { name: 'v1beta1', isServed: true },
  }),
  defineRoute({
    kind: 'GRPCRoute',
    description: 'GRPCRoute says by service and method where gRPC calls go.',
    spec: { hostnames, rules: grpcRules },
    columns: [hostnamesColumn],
  }),
  defineRoute({
    kind: 'TLSRoute',
    description: 'TLSRoute says by server name where TLS connections go.',
    spec: { hostnames: serverNames, rules: plainRules },
    required: ['hostnames', 'rules'],
  }),
  defineRoute({
    kind: 'TCPRoute',
    description: 'TCPRoute says where the connections of a listener go.',
    spec: { rules: plainRules },
    required: ['rules'],
    alsoAs: { name: 'v1alpha2', isServed: false },
  }),
  defineRoute({
    kind: 'UDPRoute',
    description: 'UDPRoute says where the packets of a listener go.',
    spec: { rules: plainRules },
    required: ['rules'],
    alsoAs: { name: 'v1alpha2', isServed: false },
  }),
];
