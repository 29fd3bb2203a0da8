import {
  type KubeObject,
  type ManifestCheck,
  type ManifestMisfit,
  type RequestContext,
  subjectOf,
  type WrittenObject,
  workspaceLabel,
} from 'longshore/sdk';
import { subnetKind, vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { objectToAddressMapping, objectToGateway, objectToPortMapping, objectToSnatRule } from './exclusion-rules.ts';
import { isOfStranger, strangerAt } from './instance-address.ts';
import { dnatRuleKind, eipKind, fipRuleKind, natGatewayKind, snatRuleKind } from './nat-kinds.ts';
import type { NatObjection, NatView } from './nat-view.ts';
import { readWholeNat } from './read-whole-nat.ts';
import { tellObjection } from './tell-objection.ts';

type Spec = Readonly<Record<string, unknown>>;

/** What the forms of NAT refuse, YAML does not bring in either; and nobody's rules use what is another's (NET-35). */
export const natManifestCheck: ManifestCheck = {
  subjects: [natGatewayKind, eipKind, snatRuleKind, dnatRuleKind, fipRuleKind].map(subjectOf),
  async check(written, context) {
    const spec = specOf(written);
    if (isUnchanged(written, spec)) return [];
    const strangers = await referencesOf(written, spec, context);
    if (strangers.length > 0) return strangers;
    const view = without(await readWholeNat(written.cluster, context), written);
    const stranger = await strangerOf(written, spec, view, context);
    if (stranger) return [stranger];
    const found = objectionTo(written.kind.kind, written.name, spec, view);
    if (!found) return [];
    const { message } = tellObjection(found.objection, context);
    return [{ path: ['spec', found.field], code: 'in_use', message }];
  },
};

/** With `APPLY` the text may be a part: the rest is what is there. */
function specOf({ object, existing, road }: WrittenObject): Spec {
  const [said, there] = [object, existing].map((each) => (each as { spec?: unknown } | undefined)?.spec);
  return { ...(road === 'APPLY' && isNode(there) ? there : {}), ...(isNode(said) ? said : {}) };
}

/** What is there against a rule already need not be changed with the rest. */
function isUnchanged({ existing }: WrittenObject, spec: Spec): boolean {
  const there = (existing as { spec?: unknown } | undefined)?.spec;
  return isNode(there) && Object.keys(spec).every((key) => JSON.stringify(spec[key]) === JSON.stringify(there[key]));
}

const references = {
  [natGatewayKind.kind]: { vpc: vpcKind, subnet: subnetKind },
  [eipKind.kind]: { natGwDp: natGatewayKind },
  [snatRuleKind.kind]: { eip: eipKind },
  [dnatRuleKind.kind]: { eip: eipKind },
  [fipRuleKind.kind]: { eip: eipKind },
} as const;

/** What it names must be there for its writer, and of the same workspace. */
async function referencesOf(
  { kind, cluster, object, existing }: WrittenObject,
  spec: Spec,
  context: RequestContext,
): Promise<readonly ManifestMisfit[]> {
  const misfits: ManifestMisfit[] = [];
  const labels = (object as Partial<KubeObject>).metadata?.labels ?? existing?.metadata.labels ?? {};
  for (const [field, of] of Object.entries(references[kind.kind] ?? {})) {
    const name = spec[field];
    const path = ['spec', field];
    if (typeof name !== 'string' || name === '') {
      misfits.push({ path, code: 'required', message: `${field} must name a ${of.kind}` });
      continue;
    }
    const found = await context.kube(cluster).get(of as typeof eipKind, undefined, name);
    if (!found) misfits.push({ path, code: 'unknown', message: `There is no ${of.kind} '${name}'` });
    // What is of no workspace only administrators write, and they may mix.
    else if (labels[workspaceLabel] && found.metadata.labels?.[workspaceLabel] !== labels[workspaceLabel]) {
      const message = `The ${of.kind} '${name}' is of another workspace: the label ${workspaceLabel} must be the same`;
      misfits.push({ path, code: 'other_workspace', message });
    }
  }
  return misfits;
}

/** Rules that lead in lead to what their writer may change (NET-37, NET-40). */
async function strangerOf(
  { cluster, existing }: WrittenObject,
  { internalIp, eip }: Spec,
  view: NatView,
  context: RequestContext,
): Promise<ManifestMisfit | undefined> {
  const before = (existing as { spec?: Spec } | undefined)?.spec?.internalIp;
  if (typeof internalIp !== 'string' || internalIp === before) return undefined;
  const gateway = view.eips.find(({ metadata }) => metadata.name === eip)?.spec?.natGwDp;
  const vpc = view.gateways.find(({ metadata }) => metadata.name === gateway)?.spec?.vpc;
  if (vpc === undefined || !(await isOfStranger(cluster, vpc, internalIp, context))) return undefined;
  return { path: ['spec', 'internalIp'], code: 'not_yours', message: strangerAt(internalIp) };
}

function objectionTo(
  kind: string,
  name: string,
  spec: Spec,
  view: NatView,
): { readonly objection: NatObjection; readonly field: string } | undefined {
  const text = (field: string): string => (typeof spec[field] === 'string' ? String(spec[field]) : '');
  const eip = text('eip');
  const gateway = view.eips.find(({ metadata }) => metadata.name === eip)?.spec?.natGwDp ?? '';
  const found = ((): readonly [NatObjection | undefined, string] => {
    switch (kind) {
      case natGatewayKind.kind:
        return [objectToGateway(view, text('vpc')), 'vpc'];
      case snatRuleKind.kind:
        return [objectToSnatRule(view, { gateway, eip, range: text('internalCIDR'), subnet: name }), 'internalCIDR'];
      case dnatRuleKind.kind:
        return [
          objectToPortMapping(view, { eip, protocol: text('protocol'), port: Number(text('externalPort')) }),
          'externalPort',
        ];
      case fipRuleKind.kind:
        return [objectToAddressMapping(view, { gateway, eip, address: text('internalIp') }), 'eip'];
      default:
        return [undefined, ''];
    }
  })();
  return found[0] && { objection: found[0], field: found[1] };
}

/** An object does not stand in its own way. */
function without(view: NatView, { kind, name }: WrittenObject): NatView {
  const others = <T extends KubeObject>(items: readonly T[], of: { readonly kind: string }): readonly T[] =>
    of.kind === kind.kind ? items.filter(({ metadata }) => metadata.name !== name) : items;
  return {
    gateways: others(view.gateways, natGatewayKind),
    eips: others(view.eips, eipKind),
    snatRules: others(view.snatRules, snatRuleKind),
    dnatRules: others(view.dnatRules, dnatRuleKind),
    fipRules: others(view.fipRules, fipRuleKind),
  };
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
