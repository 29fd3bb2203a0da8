import type { Dispatcher } from 'undici';
import { currentCost, type OperationCost } from '../../kernel/operation-cost.ts';

/** Adds each request, and the bytes it is answered with, to the operation it is made for. */
export const countRequests: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const cost = currentCost();
  if (cost === undefined) return dispatch(options, handler);
  cost.clusterRequests += 1;
  return dispatch(options, countBytes(handler, cost));
};

function countBytes(handler: Dispatcher.DispatchHandler, cost: OperationCost): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, status, headers, socket) =>
      handler.onRequestUpgrade?.(controller, status, headers, socket),
    onResponseStart: (controller, status, headers, message) =>
      handler.onResponseStart?.(controller, status, headers, message),
    onResponseData(controller, chunk) {
      cost.clusterBytes += chunk.length;
      handler.onResponseData?.(controller, chunk);
    },
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  };
}
