import { podKind } from 'longshore/plugins/compute';
import { type DeclaredKind, declareKind } from 'longshore/sdk';
import { dnatRuleKind, eipKind, fipRuleKind, natGatewayKind, qosPolicyKind, snatRuleKind } from './nat-kinds.ts';

const some = (name: string | undefined): readonly string[] => (name === undefined || name === '' ? [] : [name]);
const byEip = { eip: ({ spec }: { readonly spec?: { readonly eip?: string } }) => some(spec?.eip) };

/** What is read of NAT, and pods by their address. */
export const natDeclaredKinds: readonly DeclaredKind[] = [
  declareKind({ kind: natGatewayKind, indexes: { vpc: ({ spec }) => some(spec?.vpc) } }),
  declareKind({ kind: eipKind, indexes: { gateway: ({ spec }) => some(spec?.natGwDp) } }),
  declareKind({ kind: snatRuleKind, indexes: byEip }),
  declareKind({ kind: dnatRuleKind, indexes: byEip }),
  declareKind({ kind: fipRuleKind, indexes: byEip }),
  declareKind({ kind: qosPolicyKind }),
  declareKind({ kind: podKind, indexes: { address: ({ status }) => some(status?.podIP) } }),
];
