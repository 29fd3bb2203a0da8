import { type InterfaceTypeRef, interfaceRef, type TypeRef, typeRef } from 'longshore/sdk';
import type { GroupBackend } from '../../services/balancers/backend-groups.ts';
import type { GatewayClassObject, GatewayObject, RouteObject } from '../../services/balancers/gateway-kinds.ts';
import type { GroupSettings } from '../../services/balancers/group-settings.ts';
import type { Listener } from '../../services/balancers/listeners.ts';

export const loadBalancerRef: TypeRef<GatewayObject> = typeRef<GatewayObject>('LoadBalancer');
export const loadBalancerClassRef: TypeRef<GatewayClassObject> = typeRef<GatewayClassObject>('LoadBalancerClass');
export const listenerRef: TypeRef<Listener> = typeRef<Listener>('LoadBalancerListener');
export const backendGroupRef: InterfaceTypeRef<RouteObject> = interfaceRef<RouteObject>('BackendGroup');
export const groupBackendRef: TypeRef<GroupBackend & { readonly cluster: string }> = typeRef('BackendGroupMember');
export const groupSettingsRef: TypeRef<GroupSettings> = typeRef<GroupSettings>('BackendGroupSettings');
