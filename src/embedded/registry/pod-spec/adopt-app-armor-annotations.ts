import { asObject, asObjectList, asString, ensureObject, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { Draft } from '../resource-strategy.ts';

/** Before there was a field for it, the profile of a container was an annotation: this, and the container's name. */
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

/** Writes into a new pod's fields what annotations of old said of AppArmor. */
export function adoptAppArmorAnnotations(draft: Draft): void {
  for (const { container, profile } of annotated(draft)) {
    if (profile !== undefined) ensureObject(container, 'securityContext').appArmorProfile = profile;
  }
}

/** What the writer of a pod hears about them. To be asked before they are adopted. */
export function warnOfAppArmorAnnotations(draft: Draft): readonly string[] {
  return annotated(draft).map(
    ({ container }) =>
      `metadata.annotations[${appArmorPrefix}${String(container.name)}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
  );
}

interface AnnotatedContainer {
  readonly container: JsonObject;
  /** Undefined where the annotation says nothing that a field could say. */
  readonly profile: JsonObject | undefined;
}

function annotated(draft: Draft): readonly AnnotatedContainer[] {
  const spec = asObject(draft.spec) ?? {};
  const annotations = asObject(draft.metadata.annotations) ?? {};
  if (asObject(spec.os)?.name === 'windows') return [];
  const ofPod = asObject(spec.securityContext)?.appArmorProfile;
  return ['initContainers', 'containers']
    .flatMap((list) => asObjectList(spec[list]))
    .flatMap((container) => {
      const annotation = asString(annotations[`${appArmorPrefix}${String(container.name)}`]);
      if (annotation === undefined || asObject(container.securityContext)?.appArmorProfile !== undefined) return [];
      const profile = profileOf(annotation);
      return profile !== undefined && isEqualJson(profile, ofPod) ? [] : [{ container, profile }];
    });
}

function profileOf(annotation: string): JsonObject | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const [, localhostProfile = ''] = /^localhost\/(.*)$/.exec(annotation) ?? [];
  return localhostProfile.trim() === '' ? undefined : { type: 'Localhost', localhostProfile };
}
