import { bindingLabelOf, boundValue } from 'longshore/plugins/network';
import type { KubeObject } from 'longshore/sdk';
import {
  type ReleaseTarget,
  serviceIdAnnotation,
  serviceLabel,
  type TargetUnit,
  unitLabel,
  versionLabel,
} from './engine.ts';

type Labels = Readonly<Record<string, string>>;

/** By what the pods of one unit of a service are found, whatever their version. */
export function unitSelector({ service }: Pick<ReleaseTarget, 'service'>, { unit }: Pick<TargetUnit, 'unit'>): Labels {
  return { [serviceLabel]: service, [unitLabel]: unit };
}

/** By what all that belongs to a service is found. */
export const serviceSelector = ({ service }: Pick<ReleaseTarget, 'service'>): string => `${serviceLabel}=${service}`;

/** Metadata of a workload of the target: whose it is, and of which version. */
export function marksOf(
  target: ReleaseTarget,
  unit: TargetUnit,
): { readonly labels: Labels; readonly annotations: Labels } {
  return {
    labels: { ...target.labels, ...unitSelector(target, unit), [versionLabel]: target.versionId },
    annotations: { [serviceIdAnnotation]: target.serviceId },
  };
}

/** Whether the platform made it for this service: another service may have had the name, and anybody may have set the label. */
export function isOf(
  { serviceId }: Pick<ReleaseTarget, 'serviceId'>,
  { metadata }: Pick<KubeObject, 'metadata'>,
): boolean {
  return metadata.annotations?.[serviceIdAnnotation] === serviceId;
}

interface Template {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec?: { readonly nodeSelector?: Labels };
}

/** The pod template of one unit: of its label, on its nodes. */
export function templateOfUnit(target: ReleaseTarget, unit: TargetUnit): Readonly<Record<string, unknown>> {
  const template: Template = target.template;
  const { metadata, spec } = template;
  const nodeSelector = { ...spec?.nodeSelector, ...unit.nodeSelector };
  return {
    ...template,
    metadata: {
      ...metadata,
      labels: {
        ...metadata?.labels,
        ...bindings(target),
        ...unitSelector(target, unit),
        [versionLabel]: target.versionId,
      },
    },
    spec: { ...spec, ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}) },
  };
}

/** With these a pod can be taken off a Service by itself (NET-22, REL-38): pods that are there must have them before a Service asks for them. */
const bindings = ({ access = [] }: ReleaseTarget): Labels =>
  Object.fromEntries(access.map(({ name }) => [bindingLabelOf({ metadata: { name } }), boundValue]));
