import { type KubeObject, kindRef } from 'longshore/sdk';

/** Of `metal3.io/v1alpha1`, as far as it is read here. */
interface V1alpha1BareMetalHost {
  readonly spec?: {
    readonly online?: boolean;
    readonly automatedCleaningMode?: string;
    readonly consumerRef?: { readonly kind?: string; readonly name?: string };
  };
  readonly status?: {
    readonly operationalStatus?: string;
    readonly errorMessage?: string;
    readonly provisioning?: { readonly state?: string };
    readonly hardware?: { readonly cpu?: { readonly count?: number }; readonly ramMebibytes?: number };
  };
}
export type BareMetalHostObject = KubeObject<V1alpha1BareMetalHost>;

/** A machine that is there before any cluster and after it, of the pool of Metal³; only in management clusters that have it. */
export const bareMetalHostKind = kindRef<V1alpha1BareMetalHost>({
  group: 'metal3.io',
  version: 'v1alpha1',
  kind: 'BareMetalHost',
  plural: 'baremetalhosts',
  isNamespaced: true,
  isOptional: true,
});

/** UUID of the workspace that a host is of, as a label. */
export const hostWorkspaceLabel = 'longshore.dev/workspace';
/** By which the machines of a group find the hosts that were chosen for it. */
export const hostGroupLabel = 'longshore.dev/machine-group';
/** When, of which node (`cluster/node`) and with which new password it was cleared. */
export const clearedAtAnnotation = 'longshore.dev/cleared-at';
export const clearedFromAnnotation = 'longshore.dev/cleared-from';
export const rootPasswordAnnotation = 'longshore.dev/root-password-secret';
/** The variables of a ClusterClass whose machines may be such hosts. */
export const hostSelectorVariable = 'hostSelector';
export const rootPasswordVariable = 'rootPasswordSecret';
