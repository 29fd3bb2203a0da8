import {
  createSheet,
  readCommand,
  readCpuShares,
  readDependencies,
  readEnvironment,
  readLinks,
  readMemory,
  readPorts,
  readReplicas,
} from './compose-fields.ts';
import {
  type AppPlan,
  appNamePattern,
  appNameRule,
  isJson,
  type Json,
  type TemplateIssue,
  unknownKeys,
} from './template-parts.ts';

/** What a service of a compose text may say. */
const known = [
  'image',
  'replicas',
  'deploy',
  'mem_limit',
  'cpu_shares',
  'environment',
  'links',
  'depends_on',
  'ports',
  'expose',
  'command',
] as const;

/** A service of a compose text: a Deployment, and a Service where it has ports or others look for it by name. */
export function readComposeService(
  name: string,
  given: unknown,
  place: AppPlan['place'],
  issues: TemplateIssue[],
): AppPlan {
  const { document, path } = place;
  const sheet = createSheet(place, issues);
  if (!appNamePattern.test(name)) sheet.refuse([], 'invalid_name', `A service is called by ${appNameRule}`, true);
  const service: Json = isJson(given) ? given : {};
  if (!isJson(given)) sheet.refuse([], 'not_an_object', 'A service must be a mapping with at least an image');
  issues.push(...unknownKeys(service, known, document, path));
  const { image } = service;
  if (isJson(given) && (typeof image !== 'string' || !/^\S{1,500}$/.test(image))) {
    sheet.refuse(['image'], 'required', 'image must be the reference of an image, such as redis:8');
  }
  const links = readLinks(service.links, sheet);
  const further = readDependencies(service.depends_on, sheet);
  const ports = readPorts(service, sheet);
  const dependencies = new Map([...links, ...further].map((each) => [each.app, each]));
  const memory = readMemory(service.mem_limit, sheet);
  const cpu = readCpuShares(service.cpu_shares, sheet);
  const limits = { ...(memory === undefined ? {} : { limits: { memory } }) };
  const requests = { ...(cpu === undefined ? {} : { requests: { cpu } }) };
  const environment = readEnvironment(service.environment, sheet);
  const args = readCommand(service.command, sheet);
  const container = {
    name,
    image,
    ...(args === undefined ? {} : { args }),
    ...(environment.length === 0 ? {} : { env: environment }),
    ...(ports.length === 0
      ? {}
      : { ports: ports.map(({ target, protocol }) => ({ containerPort: target, protocol })) }),
    ...(memory === undefined && cpu === undefined ? {} : { resources: { ...requests, ...limits } }),
  };
  const labels = { app: name };
  const replicas = readReplicas(service, sheet);
  return {
    name,
    kind: 'Deployment',
    replicas,
    images: typeof image === 'string' ? [image] : [],
    dependsOn: [...dependencies.keys()],
    dependencyPlaces: [...dependencies.values()].map((each) => [...path, ...each.path]),
    links: links.map(({ app, alias }) => ({ app, alias })),
    place,
    objects: [
      {
        place,
        object: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name },
          spec: { selector: labels, ...serviceSpec(ports) },
        },
      },
      {
        place,
        object: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name },
          spec: {
            replicas,
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: { containers: [container] } },
          },
        },
      },
    ],
  };
}

/** Without ports its name still leads to the addresses of its pods. */
function serviceSpec(ports: ReturnType<typeof readPorts>): Json {
  if (ports.length === 0) return { clusterIP: 'None' };
  return {
    ports: ports.map(({ published, target, protocol }) => ({
      name: `${protocol.toLowerCase()}-${published}`,
      port: published,
      targetPort: target,
      protocol,
    })),
  };
}
