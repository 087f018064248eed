/** Minutes without a touch after which a desktop with a lock locks itself; 0: never. */
export const IDLE_MINUTES = [0, 5, 15, 30, 60] as const;
