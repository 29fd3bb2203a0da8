import { descriptionText } from 'longshore/plugins/core';
import { checkText, type ValidationIssue } from 'longshore/sdk';
import { serviceLbAlgorithms, serviceTypes, serviceYamlOnly } from '../../profile-keys/services.ts';
import { checkLbOptions } from './lb-annotations.ts';
import { wordOfService } from './seen-service.ts';
import type { ServicePortForm, ServiceWord } from './service-form.ts';
import { isBalanced, type ServiceRequest } from './write-service.ts';

const issue = (path: ValidationIssue['path'], code: string, message: string): ValidationIssue => ({
  path,
  code,
  message,
});

/** Rules of the form alone; those of the object hold for YAML too. Paths point into the input. */
export function checkServiceForm(request: ServiceRequest): readonly ValidationIssue[] {
  const { form, profile, existing } = request;
  if (profile.get(serviceYamlOnly)) {
    const what = existing ? 'changed as YAML, not' : 'made from YAML, not';
    const message = `By the profile '${profile.name}' Services are ${what} by a form`;
    return [issue([existing ? 'id' : 'type'], 'yaml_only', message)];
  }
  const word = (form.type ?? (existing ? wordOfService(existing) : undefined) ?? 'CLUSTER_IP') as ServiceWord;
  return [
    ...checkText(profile.get(descriptionText), 'description', form.description ?? ''),
    ...checkCustom(request, word),
    ...(word === 'CUSTOM' ? [] : [...checkParts(request, word), ...checkBalancer(request, word)]),
    ...(form.ports ?? []).flatMap((port, index) => checkPort(port, index, word)),
    ...(form.sessionAffinity === 'UNKNOWN'
      ? [issue(['sessionAffinity'], 'unknown', 'sessionAffinity must be NONE or CLIENT_IP')]
      : []),
    ...checkRange(form.sessionAffinitySeconds, ['sessionAffinitySeconds'], 1, 86_400),
    ...checkImmutable(request),
  ];
}

function checkCustom({ form, profile }: ServiceRequest, word: ServiceWord): readonly ValidationIssue[] {
  if (word !== 'CUSTOM') {
    return form.spec === undefined || form.spec === null
      ? []
      : [issue(['spec'], 'other_type', `spec belongs to the type CUSTOM, not to ${word}`)];
  }
  const offered = profile.get(serviceTypes);
  const others = (
    ['ports', 'clusterIP', 'externalName', 'selector', 'loadBalancer', 'sessionAffinity'] as const
  ).filter((field) => form[field] !== undefined && form[field] !== null);
  return [
    ...(offered.includes('CUSTOM')
      ? []
      : [
          issue(
            ['type'],
            'type_not_offered',
            `By the profile '${profile.name}' no Service of type CUSTOM can be made; offered are ${offered.join(', ')}`,
          ),
        ]),
    ...(typeof form.spec === 'object' && form.spec !== null && !Array.isArray(form.spec)
      ? []
      : [issue(['spec'], 'required', 'spec must be the spec of the Service, as Kubernetes has it')]),
    ...others.map((field) => issue([field], 'other_type', `With the type CUSTOM ${field} stands in spec`)),
  ];
}

function checkParts({ form, existing }: ServiceRequest, word: ServiceWord): readonly ValidationIssue[] {
  const isNamed = word === 'EXTERNAL_NAME';
  const has = (field: 'externalName' | 'selector' | 'clusterIP') => form[field] !== undefined && form[field] !== null;
  const before = existing?.spec;
  const countPorts = form.ports === undefined ? (before?.ports ?? []).length : (form.ports ?? []).length;
  return [
    ...(isNamed && !has('externalName') && !before?.externalName
      ? [issue(['externalName'], 'required', 'externalName must be the host that it is another name for')]
      : []),
    ...(!isNamed && has('externalName')
      ? [issue(['externalName'], 'other_type', `externalName belongs to the type EXTERNAL_NAME, not to ${word}`)]
      : []),
    ...(isNamed && has('selector')
      ? [issue(['selector'], 'other_type', 'A Service of type EXTERNAL_NAME leads to no pods')]
      : []),
    ...(isNamed && has('clusterIP')
      ? [issue(['clusterIP'], 'other_type', 'A Service of type EXTERNAL_NAME has no address of its own')]
      : []),
    // NET-02: at least one port mapping.
    ...(!isNamed && countPorts === 0 ? [issue(['ports'], 'required', 'ports must have at least one entry')] : []),
  ];
}

function checkBalancer(
  { form, profile, existing, algorithms }: ServiceRequest,
  word: ServiceWord,
): readonly ValidationIssue[] {
  const { loadBalancer: given } = form;
  if (!given) return [];
  if (!isBalanced(word)) {
    return [issue(['loadBalancer'], 'other_type', `A Service of type ${word} has no load balancer`)];
  }
  const offered = algorithms ?? profile.get(serviceLbAlgorithms);
  const { algorithm, bandwidthMbps, sessionPersistenceSeconds, className } = given;
  const at = (field: string) => ['loadBalancer', field];
  return [
    ...(algorithm && !(offered as readonly string[]).includes(algorithm)
      ? [
          issue(
            at('algorithm'),
            'not_offered',
            `By the profile '${profile.name}' requests are spread by ${offered.join(', ')}, got ${algorithm}`,
          ),
        ]
      : []),
    ...checkRange(bandwidthMbps, at('bandwidthMbps'), 1, 1_000_000),
    ...checkRange(sessionPersistenceSeconds, at('sessionPersistenceSeconds'), 1, 86_400),
    ...checkLbOptions(given, profile),
    ...(existing?.spec?.type === 'LoadBalancer' &&
    className !== undefined &&
    className !== (existing.spec.loadBalancerClass ?? null)
      ? [issue(at('className'), 'immutable', 'className never changes once the Service has a load balancer')]
      : []),
  ];
}

function checkPort(form: ServicePortForm, index: number, word: ServiceWord): readonly ValidationIssue[] {
  const at = (field: string) => ['ports', index, field];
  const { targetPort } = form;
  const hasNodePorts = word === 'NODE_PORT' || word === 'LOAD_BALANCER';
  return [
    ...checkRange(form.port, at('port'), 1, 65_535),
    ...(typeof targetPort === 'number' ? checkRange(targetPort, at('targetPort'), 1, 65_535) : []),
    ...(form.nodePort && !hasNodePorts && word !== 'CUSTOM'
      ? [issue(at('nodePort'), 'other_type', `A Service of type ${word} has no ports of nodes`)]
      : []),
  ];
}

function checkRange(
  value: number | null | undefined,
  path: ValidationIssue['path'],
  min: number,
  max: number,
): readonly ValidationIssue[] {
  if (value === null || value === undefined || (value >= min && value <= max)) return [];
  const message = `${path.join('.')} must be ${min} to ${max}, got ${value}`;
  return [issue(path, value < min ? 'too_small' : 'too_big', message)];
}

/** core/v1: an address is kept once a Service has it. */
function checkImmutable({ form, existing }: ServiceRequest): readonly ValidationIssue[] {
  const before = existing?.spec;
  if (!before?.clusterIP || before.type === 'ExternalName' || form.type === 'EXTERNAL_NAME') return [];
  if (form.clusterIP === undefined || form.clusterIP === before.clusterIP) return [];
  return [issue(['clusterIP'], 'immutable', `clusterIP is ${before.clusterIP} and never changes`)];
}
