import { applicationLabel, descriptionAnnotation } from 'longshore/plugins/core';
import type { Profile } from 'longshore/sdk';
import { mergeMap, setField } from '../services/write-maps.ts';
import type { SeenIngress } from './ingress-backends.ts';
import type { IngressBackendForm, IngressForm, IngressPathForm } from './ingress-form.ts';

type Json = Record<string, unknown>;
type Path = readonly (string | number)[];

export interface IngressRequest {
  readonly namespace: string;
  readonly name: string;
  readonly form: IngressForm;
  readonly profile: Profile;
  /** The Ingress as it is; undefined where it is made. It is left as it is. */
  readonly existing: SeenIngress | undefined;
}

const pathTypes: Readonly<Record<string, string>> = {
  PREFIX: 'Prefix',
  EXACT: 'Exact',
  IMPLEMENTATION_SPECIFIC: 'ImplementationSpecific',
};

/** The manifest that a form makes, or makes of the Ingress that is there: what the form does not mention stays (NET-10). Pure. */
export function writeIngress({ namespace, name, form, profile, existing }: IngressRequest): Json {
  const manifest = (
    existing
      ? JSON.parse(JSON.stringify(existing))
      : { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace } }
  ) as Json;
  const metadata = manifest.metadata as Json;
  const label = profile.get(applicationLabel);
  mergeMap(metadata, 'labels', form.labels, form.removeLabels, label === null ? {} : { [label]: form.application });
  mergeMap(metadata, 'annotations', form.annotations, form.removeAnnotations, {
    [descriptionAnnotation]: form.description === '' ? null : form.description,
  });
  const spec = (manifest.spec ?? {}) as Json;
  manifest.spec = spec;
  setField(spec, 'ingressClassName', form.className);
  setField(spec, 'defaultBackend', form.defaultBackend && backendOf(form.defaultBackend));
  setField(
    spec,
    'rules',
    form.rules?.map(({ host, paths }) => ({ ...(host ? { host } : {}), http: { paths: paths.map(pathOf) } })) ??
      form.rules,
  );
  setField(
    spec,
    'tls',
    form.tls?.map(({ hosts, secretName }) => ({ ...(hosts?.length ? { hosts } : {}), secretName })) ?? form.tls,
  );
  return manifest;
}

function pathOf(form: IngressPathForm): Json {
  return {
    path: form.path ?? '/',
    pathType: pathTypes[form.pathType ?? 'PREFIX'],
    backend: backendOf(form),
  };
}

function backendOf({ serviceName, servicePort }: IngressBackendForm): Json {
  const port = typeof servicePort === 'number' ? { number: servicePort } : { name: servicePort };
  return { service: { name: serviceName, port } };
}

/** Where the form has what stands at a place of the manifest. */
export function inputPathOfIngress(path: Path): Path {
  const [top, field, index, ...rest] = path;
  if (top === 'metadata') return field === 'name' ? ['name'] : path.slice(1);
  if (top !== 'spec') return path;
  if (field === 'ingressClassName') return ['className'];
  if (field === 'rules' && index !== undefined) {
    const inner = rest[0] === 'http' ? rest.slice(1) : rest;
    return ['rules', index, ...fieldOfBackend(inner)];
  }
  return path.slice(1).length > 1 ? [field ?? '', ...fieldOfBackend([index ?? '', ...rest])] : path.slice(1);
}

/** `backend.service.port.number` of the manifest is `servicePort` of the form. */
function fieldOfBackend(path: Path): Path {
  const at = path.findIndex((step) => step === 'backend' || step === 'service');
  if (at === -1) return path;
  const under = path.slice(at);
  if (under.includes('port')) return [...path.slice(0, at), 'servicePort'];
  return under.includes('name') ? [...path.slice(0, at), 'serviceName'] : path.slice(0, at);
}
