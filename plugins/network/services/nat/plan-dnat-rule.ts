import { type KindRef, origin, type RequestContext } from 'longshore/sdk';
import { ownerOf } from '../ownership/owner.ts';
import { objectToAddressMapping, objectToPortMapping } from './exclusion-rules.ts';
import { dnatRuleKind, type EipObject, fipRuleKind } from './nat-kinds.ts';
import { instanceManifest, natNames, portManifest } from './nat-manifests.ts';
import { readWholeNat } from './read-whole-nat.ts';
import { refuseObjection } from './tell-objection.ts';

/** Checks a DNAT rule against everything that is there (NET-35, NET-37); throws `InUseError`. All ports where no mapping is given. */
export async function planDnatRule(
  wanted: {
    readonly eip: EipObject;
    readonly address: string;
    readonly mapping:
      | { readonly protocol: string; readonly elasticIpPort: number; readonly instancePort: number }
      | undefined;
    readonly description?: string | null | undefined;
  },
  context: RequestContext,
): Promise<{ readonly kind: KindRef<unknown>; readonly manifest: object }> {
  const { eip, address, mapping, description } = wanted;
  const { name } = eip.metadata;
  const view = await readWholeNat(eip[origin].cluster, context);
  const part = { owner: ownerOf(eip.metadata), description };
  if (mapping) {
    const { protocol, elasticIpPort: port, instancePort } = mapping;
    refuseObjection(objectToPortMapping(view, { eip: name, protocol, port }), context);
    const rule = { ...part, name: natNames.port(name, protocol, port) };
    return { kind: dnatRuleKind, manifest: portManifest(rule, { eip: name, protocol, port, address, instancePort }) };
  }
  const gateway = eip.spec?.natGwDp ?? '';
  refuseObjection(objectToAddressMapping(view, { gateway, eip: name, address }), context);
  const rule = { ...part, name: natNames.instance(name) };
  return { kind: fipRuleKind, manifest: instanceManifest(rule, { eip: name, address }) };
}
