import { accessKeys } from './access.ts';
import { balancerKeys } from './balancers.ts';
import { natKeys } from './nat.ts';
import { serviceKeys } from './services.ts';
import { vpcKeys } from './vpc.ts';

/** What platforms say of the network. */
export const networkProfileKeys = [...serviceKeys, ...accessKeys, ...vpcKeys, ...natKeys, ...balancerKeys];
