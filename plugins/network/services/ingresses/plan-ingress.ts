import { descriptionText } from 'longshore/plugins/core';
import { type ClusterReader, checkText, type RaisedWarning, type ValidationIssue } from 'longshore/sdk';
import { findIngressFacts } from './find-ingress-facts.ts';
import { ingressBackends, type SeenIngress } from './ingress-backends.ts';
import { type IngressRequest, inputPathOfIngress, writeIngress } from './write-ingress.ts';

/** A form with all that must be known of it before its manifest is sent. */
export interface PlannedIngress {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly issues: readonly ValidationIssue[];
  readonly warnings: readonly RaisedWarning[];
  readonly inputPathOf: typeof inputPathOfIngress;
}

/** Makes the manifest of a form, and finds what stands against it. Backends and Secrets must be there; `now` in UTC milliseconds. */
export async function planIngress(
  request: IngressRequest,
  reader: ClusterReader,
  now: number,
): Promise<PlannedIngress> {
  const { namespace, name, existing } = request;
  const manifest = writeIngress(request);
  const seen = manifest as SeenIngress;
  const formIssues = checkForm(request, seen);
  // What is there already is not asked for again.
  const known = new Set((existing ? ingressBackends(existing) : []).map(({ service, port }) => `${service}:${port}`));
  const { missing, warnings } = await findIngressFacts(reader, namespace, name, seen, now);
  const kept = new Set(
    ingressBackends(seen)
      .filter(({ service, port }) => known.has(`${service}:${port}`))
      .map(({ place }) => JSON.stringify(place)),
  );
  const isKept = (path: readonly unknown[]) =>
    path.some((_step, length) => kept.has(JSON.stringify(path.slice(0, length))));
  const misfits = missing.filter(({ path }) => !isKept(path));
  return {
    manifest,
    issues: [...formIssues, ...misfits.map((misfit) => ({ ...misfit, path: inputPathOfIngress(misfit.path) }))],
    warnings: warnings.map(({ code, message, path }) => ({ code, message, path: inputPathOfIngress(path) })),
    inputPathOf: inputPathOfIngress,
  };
}

function checkForm({ form, profile }: IngressRequest, { spec }: SeenIngress): readonly ValidationIssue[] {
  const isEmpty = (spec?.rules ?? []).length === 0 && !spec?.defaultBackend;
  const own = new Set<string>();
  const twice = (form.rules ?? []).flatMap(({ host, paths }, rule) =>
    paths.flatMap(({ path, pathType }, at) => {
      const key = JSON.stringify([host ?? '', pathType ?? 'PREFIX', path ?? '/']);
      const isTwice = own.has(key);
      own.add(key);
      const message = `${host || 'any host'}${path ?? '/'} stands here twice`;
      return isTwice ? [{ path: ['rules', rule, 'paths', at], code: 'duplicate', message }] : [];
    }),
  );
  return [
    ...checkText(profile.get(descriptionText), 'description', form.description ?? ''),
    ...(isEmpty
      ? [{ path: ['rules'], code: 'required', message: 'rules must have an entry, or there must be a defaultBackend' }]
      : []),
    ...(form.rules ?? []).flatMap(({ paths }, rule) =>
      paths.length > 0
        ? []
        : [{ path: ['rules', rule, 'paths'], code: 'required', message: 'paths must have at least one entry' }],
    ),
    ...twice,
  ];
}
