import type { Json } from './json.ts';

/** Objects that any cluster takes, as small as they may be. `extra` replaces whole top-level fields. */
export function configMap(name: string, extra: Json = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: 'value' }, ...extra };
}

export function pod(name: string, extra: Json = {}): Json {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec: podSpec(), ...extra };
}

export function deployment(name: string, spec: Json = {}): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: podTemplate(name), ...spec },
  };
}

export function service(name: string, spec: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
  };
}

export function podTemplate(app: string): Json {
  return { metadata: { labels: { app } }, spec: podSpec() };
}

/** The pause image is on every node, asks for nothing and never ends. */
export function podSpec(container: Json = {}): Json {
  return {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', ...container }],
  };
}
