/** The app of the stand-in, by which the relay asks for its webhook subscription. Invented; Meta's own are of the same shape. */
export const APP_ID = '900000000000001';
