import type { ContainerDirectories } from 'longshore/plugins/compute';
import {
  isJson,
  type Json,
  jsonsAt,
  type Path,
  type TemplateIssue,
  type TemplateObject,
  type TemplatePlan,
  type TextPart,
  unknownKeys,
} from './template-parts.ts';

/** What the one application of a pod stack is called; its workload has the name of the deployment alone. */
export const podStackApp = 'pods';

export interface PodStackPlan extends TemplatePlan {
  readonly directories: readonly ContainerDirectories[];
}

const keys = ['containers', 'volumes', 'replicas', 'annotation'] as const;

/** Several containers in one pod (REL-47, API-22): one Deployment, and a Service where they have ports. */
export function readPodStack(parts: readonly TextPart[]): PodStackPlan {
  const issues: TemplateIssue[] = [];
  const [part, second] = parts;
  const nothing = { apps: [], shared: [], issues, directories: [] };
  if (!part) return nothing;
  const document = part.index;
  const refuse = (path: Path, code: string, message: string): void => {
    issues.push({ document, path, code, message });
  };
  if (second)
    issues.push({ document: second.index, path: [], code: 'too_many', message: 'A pod stack is one document' });
  if (!isJson(part.value)) {
    refuse([], 'not_an_object', `A pod stack must be a mapping of ${keys.join(', ')}`);
    return nothing;
  }
  const value = part.value;
  issues.push(...unknownKeys(value, keys, document, []));
  const { replicas = 1, volumes } = value;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0 || replicas > 1_000) {
    refuse(['replicas'], 'out_of_range', 'replicas must be a whole number from 0 to 1000');
  }
  if (volumes !== undefined && volumes !== null && !Array.isArray(volumes)) {
    refuse(['volumes'], 'not_a_list', 'volumes must be a list, as in a pod');
  }
  const containers = checkContainers(value, refuse);
  const directories = readDirectories(value, containers, refuse);
  const place = { document, path: [] };
  const images = containers.flatMap(({ image }) => (typeof image === 'string' ? [image] : []));
  return {
    issues,
    shared: [],
    directories,
    apps: [
      {
        name: podStackApp,
        kind: 'Deployment',
        replicas: typeof replicas === 'number' ? replicas : 1,
        images,
        dependsOn: [],
        dependencyPlaces: [],
        links: [],
        place,
        objects: [...serviceOf(containers, document), deploymentOf(containers, volumes, replicas, document)],
      },
    ],
  };
}

function checkContainers(value: Json, refuse: (path: Path, code: string, message: string) => void): readonly Json[] {
  const { containers } = value;
  if (!Array.isArray(containers) || containers.length === 0) {
    refuse(['containers'], 'required', 'containers must be a list with at least one container');
    return [];
  }
  const names = new Set<unknown>();
  for (const [index, container] of containers.entries()) {
    const { name, image } = isJson(container) ? container : ({} as Json);
    const at = ['containers', index];
    if (!isJson(container)) refuse(at, 'not_an_object', 'A container must be a mapping with name and image');
    else if (typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
      refuse([...at, 'name'], 'invalid_name', 'name must be lower-case letters, digits and dashes');
    } else if (names.has(name)) refuse([...at, 'name'], 'duplicate', `Two containers are called '${name}'`);
    else if (typeof image !== 'string' || !/^\S{1,500}$/.test(image)) {
      refuse([...at, 'image'], 'required', 'image must be the reference of an image, such as redis:8');
    }
    names.add(name);
  }
  return containers.filter(isJson);
}

/** `annotation`: a path, or several, for the logs and the data of a container. */
function readDirectories(
  value: Json,
  containers: readonly Json[],
  refuse: (path: Path, code: string, message: string) => void,
): readonly ContainerDirectories[] {
  const { annotation } = value;
  if (annotation === undefined || annotation === null) return [];
  if (!Array.isArray(annotation)) {
    refuse(['annotation'], 'not_a_list', 'annotation must be a list of containerName, logPath and dataPath');
    return [];
  }
  return annotation.flatMap((entry: unknown, index) => {
    const at = ['annotation', index];
    if (!isJson(entry)) {
      refuse(at, 'not_an_object', 'It must be a mapping of containerName, logPath and dataPath');
      return [];
    }
    for (const key of Object.keys(entry)) {
      if (!['containerName', 'logPath', 'dataPath'].includes(key)) {
        refuse([...at, key], 'unknown_field', 'Supported are containerName, logPath and dataPath');
      }
    }
    const container = String(entry.containerName);
    if (!containers.some(({ name }) => name === container)) {
      refuse([...at, 'containerName'], 'not_found', `There is no container '${container.slice(0, 63)}'`);
    }
    const paths = (field: 'logPath' | 'dataPath'): readonly string[] => {
      const given = entry[field];
      if (given === undefined || given === null) return [];
      const list: readonly unknown[] = Array.isArray(given) ? given : [given];
      const isPath = (path: unknown) => typeof path === 'string' && /^\/[^:\0]{1,1023}$/.test(path);
      if (!list.every(isPath)) refuse([...at, field], 'invalid_path', `${field} must be a path that begins with /`);
      return list.filter(isPath) as readonly string[];
    };
    return [{ container, log: paths('logPath'), data: paths('dataPath') }];
  });
}

const labels = { app: podStackApp };
const metadata = { name: podStackApp };

function deploymentOf(
  containers: readonly Json[],
  volumes: unknown,
  replicas: unknown,
  document: number,
): TemplateObject {
  const spec = { containers, ...(Array.isArray(volumes) && volumes.length > 0 ? { volumes } : {}) };
  const template = { metadata: { labels }, spec };
  const object = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
  return { object, place: { document, path: [] } };
}

/** All ports of all containers; of two with one number the first. */
function serviceOf(containers: readonly Json[], document: number): readonly TemplateObject[] {
  const ports = new Map<string, Json>();
  for (const container of containers) {
    for (const { containerPort, name, protocol = 'TCP' } of jsonsAt(container, ['ports'])) {
      const key = `${String(containerPort)}/${String(protocol)}`;
      if (typeof containerPort !== 'number' || ports.has(key)) continue;
      const own = typeof name === 'string' ? name : `${String(protocol).toLowerCase()}-${containerPort}`;
      ports.set(key, { name: own, port: containerPort, targetPort: containerPort, protocol });
    }
  }
  if (ports.size === 0) return [];
  const spec = { selector: labels, ports: [...ports.values()] };
  return [{ object: { apiVersion: 'v1', kind: 'Service', metadata, spec }, place: { document, path: [] } }];
}
