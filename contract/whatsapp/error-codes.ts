/**
 * Meta's error codes and what a sender does about each. Decide by code, never by message text: Meta's titles are
 * localised or going away, and the HTTP status is no safe signal (throttling answers 400). Source: Cloud API, "Error codes"
 * (2025–2026) and, for some, what developers report. Order is by code; `test/unit/whatsapp/error-codes.test.ts` keeps it so.
 */

/**
 * `backoff`: repeat by itself with a growing pause. `wait`: only after `minWaitS` or a change of state. `fix`: a person or
 * the caller must change something first. `never`: do not send this to this person again.
 */
export type Retry = 'backoff' | 'wait' | 'fix' | 'never';

export type ErrorCode = {
  code: number;
  /** Last code of a family; absent for a single code. */
  codeTo?: number;
  /** HTTP status it usually comes with; null where it only comes by webhook. */
  http: number | null;
  retry: Retry;
  /** Shortest pause before a repeat, in seconds; 0 where repeating is no question of time. */
  minWaitS: number;
  meaning: string;
  action: string;
};

/** Codes of our own, outside Meta's range. */
export const OWN_ERROR = {
  windowClosed: -1,
  noRecipient: -2,
  settledAsNotSent: -3,
  deviceRevoked: -4,
  fileGone: -5,
  uploadLost: -6,
  refusedBeforeSending: -7,
  /** The team blocked the person before it left. */
  blocked: -8,
  /** It is advertising, and the person wants none. */
  optedOut: -9,
  /** An automatic answer whose time was over, or before which something happened. */
  automaticLate: -10,
} as const;

export const ERROR_CODES: readonly ErrorCode[] = [
  {
    code: 0,
    http: 401,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'App user could not be authenticated: token expired, revoked or blocked by the person who granted it',
    action: 'Reconnect the account: create a new access token and store it',
  },
  { code: 1, http: 400, retry: 'backoff', minWaitS: 5, meaning: 'Unknown failure: bad request or a server fault', action: 'Repeat at most twice; if it stays, treat as a bad request' },
  { code: 2, http: 503, retry: 'backoff', minWaitS: 5, meaning: 'Temporary outage or overload', action: 'Repeat with growing pause; show platform status' },
  { code: 3, http: 500, retry: 'fix', minWaitS: 0, meaning: 'App lacks the capability for this endpoint', action: 'Check app permissions and use-case set-up' },
  { code: 4, http: 400, retry: 'backoff', minWaitS: 60, meaning: 'App-level Graph call budget used up', action: 'Slow down; watch the X-App-Usage header' },
  {
    code: 10,
    http: 403,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Permission missing or withdrawn; also: endpoint not open to this account, or Flows key endpoint not allow-listed',
    action: 'Grant whatsapp_business_messaging and whatsapp_business_management to the token; check eligibility',
  },
  { code: 33, http: 400, retry: 'fix', minWaitS: 0, meaning: 'The object id does not exist any more (phone number deleted) or is not visible to the token', action: 'Check phone number id' },
  {
    code: 100,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'A parameter is unknown, misspelt, too long or not allowed for this object; also returned when the token cannot see the id',
    action: 'Read error_data.details; fix the request; never repeat unchanged',
  },
  {
    code: 190,
    http: 401,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Access token expired or invalid',
    action: 'Stop the outbox, ask an administrator for a new token (use a system-user token that does not expire)',
  },
  {
    code: 200,
    codeTo: 299,
    http: 403,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Family of permission refusals (200 to 299)',
    action: 'Grant the missing permission; confirm the token can see this WABA and number',
  },
  {
    code: 368,
    http: 403,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'WABA restricted or disabled for a policy breach',
    action: 'Pause all sending; show the account_update details; appeal in Business Support Home',
  },
  { code: 613, http: 429, retry: 'backoff', minWaitS: 60, meaning: 'Custom-level call rate exceeded (calling-permission lookups use it)', action: 'Slow down' },
  { code: 80007, http: 400, retry: 'backoff', minWaitS: 300, meaning: 'WABA management call budget used up', action: 'Slow down; watch X-Business-Use-Case-Usage' },
  { code: 130429, http: 400, retry: 'backoff', minWaitS: 1, meaning: 'Phone number throughput (messages a second) exceeded', action: 'Requeue with growing pause' },
  {
    code: 130472,
    http: 400,
    retry: 'never',
    minWaitS: 0,
    meaning: 'Recipient is in a Meta experiment group; marketing template was held back',
    action: 'Do not repeat; reach the person another way or wait for them to write',
  },
  { code: 130497, http: 403, retry: 'never', minWaitS: 0, meaning: 'Business may not message people in this country', action: 'Do not send to this country code from this WABA' },
  {
    code: 131000,
    http: 500,
    retry: 'backoff',
    minWaitS: 10,
    meaning: 'Unspecified send failure',
    action: 'Repeat up to 3 times with growing pause, then ask a person; several developers see it sporadically',
  },
  { code: 131005, http: 403, retry: 'fix', minWaitS: 0, meaning: 'Access refused', action: 'Check token permissions' },
  { code: 131008, http: 400, retry: 'fix', minWaitS: 0, meaning: 'A required field is missing', action: 'Fix the request (error_data.details names it)' },
  {
    code: 131009,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'A field has a wrong value, or the number was never added to the WABA; for a reaction: target gone, older than 30 days or itself a reaction',
    action: 'Fix the request',
  },
  {
    code: 131014,
    http: null,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Sample payloads show it when Meta could not fetch the media link (details carry the HTTP error)',
    action: 'Check that the link is public, correct type and reachable; prefer media ids',
  },
  { code: 131016, http: 500, retry: 'backoff', minWaitS: 10, meaning: 'A backing service is down for the moment', action: 'Repeat with growing pause' },
  { code: 131020, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Group has a single member: nothing can be sent', action: 'Correct this, then try again' },
  { code: 131021, http: 400, retry: 'never', minWaitS: 0, meaning: 'Sender and recipient are the same number', action: 'Refuse in the user interface before sending' },
  {
    code: 131026,
    http: 400,
    retry: 'never',
    minWaitS: 0,
    meaning: 'Cannot be delivered: no WhatsApp account, terms not accepted, or very old client. Deliberately vague',
    action: 'Ask the person by another channel to check; do not loop. At most one manual retry: intermittent reports exist',
  },
  {
    code: 131030,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Recipient is not on the allowed list of a test number',
    action: 'Add the number in App Dashboard (Argentina and Mexico need the form without 9 / 1)',
  },
  {
    code: 131031,
    http: 403,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'WABA locked for policy, or supplied data (for example the two-step PIN) did not match the record',
    action: 'Look at health_status; correct the PIN or appeal',
  },
  {
    code: 131035,
    http: null,
    retry: 'never',
    minWaitS: 0,
    meaning: 'No-storage number: Meta gave up delivering an inbound webhook inside the retention time and dropped it',
    action: 'Show a gap marker in the conversation',
  },
  {
    code: 131036,
    http: null,
    retry: 'wait',
    minWaitS: 3600,
    meaning: "Could not reach at least one of the person's devices inside the no-storage time",
    action: 'A delivered status for the same id may also exist: delivered wins',
  },
  { code: 131037, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Meta-supplied 555 number has no approved display name', action: 'Get the display name approved' },
  { code: 131041, http: 400, retry: 'never', minWaitS: 0, meaning: 'Group unknown or business not in it', action: 'Do not repeat' },
  {
    code: 131042,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Payment problem: no method, credit line unset or over the limit, missing currency or time zone, WABA suspended',
    action: 'Stop sending, ask the owner to fix billing',
  },
  { code: 131044, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Same as 131042 for calls started by users', action: 'Attach a payment method' },
  { code: 131045, http: 500, retry: 'fix', minWaitS: 0, meaning: 'Number is not registered correctly', action: 'Register the number again' },
  {
    code: 131047,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Customer service window closed (over 24 h since the person wrote or called)',
    action: 'Offer to send a template instead; never repeat the free-form message',
  },
  {
    code: 131048,
    http: 400,
    retry: 'wait',
    minWaitS: 86400,
    meaning: 'Number is limited because people blocked or reported it',
    action: 'Stop bulk sends; look at quality rating; wait for the rating to recover',
  },
  {
    code: 131049,
    http: 400,
    retry: 'wait',
    minWaitS: 86400,
    meaning: 'Meta withheld a marketing message to protect the person (per-person cap, quality, or any marketing to US numbers)',
    action: 'Do not repeat for at least 24 h, growing after that; utility/service not affected',
  },
  { code: 131050, http: 400, retry: 'never', minWaitS: 0, meaning: 'Person opted out of marketing from this business', action: 'Record the opt-out; wait for user_preferences = resume' },
  {
    code: 131051,
    http: 400,
    retry: 'never',
    minWaitS: 0,
    meaning: 'Type not supported. Inbound: the person sent something the API cannot carry',
    action: 'Inbound: show a placeholder, ask the person to resend. Outbound: fix type',
  },
  {
    code: 131052,
    http: 400,
    retry: 'never',
    minWaitS: 0,
    meaning: 'Meta could not fetch media the person sent (for example over 100 MB)',
    action: 'Show placeholder; ask for a smaller file or another channel',
  },
  {
    code: 131053,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Meta could not process outgoing media: wrong or mismatching MIME type, size, codec, or link unreachable',
    action: 'Check the bytes, not the extension; re-encode; upload and send by id',
  },
  {
    code: 131055,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Method not allowed: non-marketing template on Marketing Messages API, or Graph call on a SIP-enabled number',
    action: 'Use the right endpoint',
  },
  {
    code: 131056,
    http: 400,
    retry: 'backoff',
    minWaitS: 6,
    meaning: 'Too many messages from this number to this one person',
    action: 'Hold this conversation only; repeat after about 6 s, then 4^n s; other conversations may go on',
  },
  { code: 131057, http: 500, retry: 'backoff', minWaitS: 60, meaning: 'Account under maintenance, for example during a throughput upgrade (about one minute)', action: 'Repeat after a minute' },
  { code: 131059, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Paging cursor expired or corrupt: restart', action: 'Correct this, then try again' },
  {
    code: 131060,
    http: null,
    retry: 'never',
    minWaitS: 0,
    meaning: 'Message content is unavailable (coexistence; seen on first message from a click-to-WhatsApp ad)',
    action: 'Keep a placeholder; phone app has the content',
  },
  {
    code: 131062,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'This message kind cannot be addressed to a business-scoped user id (authentication templates)',
    action: 'Ask for the phone number first',
  },
  {
    code: 131063,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Marketing templates were switched off on Cloud API for this account',
    action: 'Use Marketing Messages API or clear disable_marketing_messages_on_cloud_api',
  },
  {
    code: 131064,
    http: 400,
    retry: 'wait',
    minWaitS: 86400,
    meaning: 'Messaging limit reached because templates were misclassified; covers templates and direct sends',
    action: 'Fix the template categories; wait for the limit to lift',
  },
  { code: 131201, http: 206, retry: 'fix', minWaitS: 0, meaning: 'Some participants failed', action: 'Correct this, then try again' },
  { code: 131202, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Same participant listed twice', action: 'Correct this, then try again' },
  { code: 131204, http: 400, retry: 'fix', minWaitS: 0, meaning: 'More participants than the group may hold', action: 'Correct this, then try again' },
  { code: 131207, http: 403, retry: 'never', minWaitS: 0, meaning: 'Group suspended for policy', action: 'Do not repeat' },
  { code: 131208, http: 429, retry: 'wait', minWaitS: 300, meaning: 'Too many group operations', action: 'Wait, then try again' },
  { code: 131209, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Group picture must be square', action: 'Correct this, then try again' },
  { code: 131210, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Group picture must exceed 192 px a side', action: 'Correct this, then try again' },
  { code: 131211, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Group creation limit reached', action: 'Correct this, then try again' },
  { code: 131212, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Participant not in the group', action: 'Correct this, then try again' },
  { code: 131213, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Join request does not exist', action: 'Correct this, then try again' },
  { code: 131214, http: 400, retry: 'wait', minWaitS: 604800, meaning: 'Group creation switched off for a time because of marketing volume', action: 'Wait, then try again' },
  { code: 131215, http: 400, retry: 'never', minWaitS: 0, meaning: 'Number not eligible for groups', action: 'Do not repeat' },
  { code: 132000, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Wrong number of parameters', action: 'Re-read the template definition and rebuild the form' },
  { code: 132001, http: 404, retry: 'fix', minWaitS: 0, meaning: 'No approved template with this name and language', action: 'Check exact language code; refresh the cache' },
  { code: 132005, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Text is too long after substitution', action: 'Shorten values' },
  { code: 132007, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Content breaks a character or content policy', action: 'Edit the template' },
  { code: 132008, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Parameter value invalid', action: 'Fix the value' },
  {
    code: 132012,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Parameter has the wrong kind or format (named/positional mix, header media mismatch)',
    action: 'Rebuild parameters from the definition',
  },
  {
    code: 132015,
    http: 400,
    retry: 'wait',
    minWaitS: 10800,
    meaning: 'Template paused for low quality; also used when pacing drops held messages',
    action: 'Choose another template; edit; wait for unpause',
  },
  { code: 132016, http: 400, retry: 'never', minWaitS: 0, meaning: 'Template disabled for good', action: 'Create another template with other content' },
  {
    code: 132018,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Template parameters invalid (v23.0 and later; details names which)',
    action: 'Fix what details says. Line breaks, tabs or over four spaces in a row inside a value are refused (reported with 132018, older versions 100)',
  },
  { code: 132068, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Flow is blocked', action: 'Fix the flow' },
  { code: 132069, http: 400, retry: 'wait', minWaitS: 3600, meaning: 'Flow is throttled: 10 messages in the last hour already', action: 'Fix the flow' },
  { code: 133000, http: 500, retry: 'fix', minWaitS: 0, meaning: 'Earlier deregistration did not finish', action: 'Deregister again, then register' },
  { code: 133004, http: 503, retry: 'backoff', minWaitS: 10, meaning: 'Server unavailable for the moment', action: 'Repeat with growing pause; read details' },
  { code: 133005, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Two-step PIN wrong', action: 'Enter or reset PIN' },
  { code: 133006, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Number must be verified again', action: 'Verify, then register' },
  { code: 133008, http: 400, retry: 'wait', minWaitS: 3600, meaning: 'Too many PIN guesses', action: 'Wait as long as details says' },
  { code: 133009, http: 400, retry: 'wait', minWaitS: 60, meaning: 'PIN guessed too fast', action: 'Wait as long as details says' },
  { code: 133010, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Number not registered on the platform', action: 'POST /{PNID}/register with pin' },
  { code: 133015, http: 400, retry: 'wait', minWaitS: 300, meaning: 'Number was deleted a moment ago', action: 'Repeat after five minutes' },
  { code: 133016, http: 400, retry: 'wait', minWaitS: 259200, meaning: 'Too many register or deregister calls for this number (10 in 72 h)', action: 'Wait until the block ends' },
  { code: 134011, http: 400, retry: 'fix', minWaitS: 0, meaning: 'WhatsApp Payments terms not accepted', action: 'Accept the terms from the link in the message' },
  { code: 134100, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Marketing endpoint refuses non-marketing templates', action: 'Use /messages' },
  { code: 134101, http: 400, retry: 'wait', minWaitS: 600, meaning: 'New template still syncing', action: 'Repeat after ten minutes' },
  { code: 134102, http: 500, retry: 'fix', minWaitS: 0, meaning: 'Template cannot be used or account not onboarded', action: 'Check onboarding status' },
  { code: 135000, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Parameters rejected for an unspecified reason', action: 'Check the payload against the reference; contact support' },
  {
    code: 137000,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'recipient_identity_key_hash does not match: person reinstalled or changed phone',
    action: 'Have an agent confirm identity, acknowledge, send again',
  },
  { code: 138000, http: 401, retry: 'fix', minWaitS: 0, meaning: 'Calling not switched on for this number', action: 'Correct this, then try again' },
  { code: 138001, http: 400, retry: 'never', minWaitS: 0, meaning: 'Person cannot receive calls', action: 'Do not repeat' },
  { code: 138002, http: 429, retry: 'wait', minWaitS: 60, meaning: '1,000 concurrent calls reached', action: 'Wait, then try again' },
  { code: 138003, http: 400, retry: 'wait', minWaitS: 60, meaning: 'A call with this person is already on', action: 'Wait, then try again' },
  { code: 138004, http: 500, retry: 'backoff', minWaitS: 60, meaning: 'Call set-up failed', action: 'Repeat with growing pause' },
  { code: 138005, http: 429, retry: 'wait', minWaitS: 60, meaning: 'Call start rate reached', action: 'Wait, then try again' },
  { code: 138006, http: 401, retry: 'fix', minWaitS: 0, meaning: 'Person has not given call permission', action: 'Correct this, then try again' },
  { code: 138007, http: 500, retry: 'backoff', minWaitS: 60, meaning: 'SDP not applied in time', action: 'Repeat with growing pause' },
  { code: 138009, http: 400, retry: 'wait', minWaitS: 60, meaning: 'Too many permission requests to this person', action: 'Wait, then try again' },
  { code: 138012, http: 400, retry: 'wait', minWaitS: 60, meaning: 'Daily connected business-initiated calls used (details gives the next time)', action: 'Wait, then try again' },
  { code: 138013, http: 400, retry: 'never', minWaitS: 0, meaning: 'Business-initiated calls not available for this number (older use: permission lookup rate, now 613)', action: 'Do not repeat' },
  { code: 138014, http: 400, retry: 'wait', minWaitS: 60, meaning: 'Calling switched off for low quality', action: 'Wait, then try again' },
  { code: 138015, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Calling cannot be switched on: messaging limit below 2,000', action: 'Correct this, then try again' },
  { code: 138017, http: 400, retry: 'never', minWaitS: 0, meaning: 'Permanent permission already exists', action: 'Do not repeat' },
  { code: 138018, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Technical precondition for calling missing', action: 'Correct this, then try again' },
  { code: 138019, http: 400, retry: 'wait', minWaitS: 60, meaning: 'Client could not set up the call', action: 'Wait, then try again' },
  { code: 138020, http: 400, retry: 'wait', minWaitS: 60, meaning: 'Client could not reach the relay', action: 'Wait, then try again' },
  { code: 138021, http: 400, retry: 'wait', minWaitS: 60, meaning: 'No media received by the client', action: 'Wait, then try again' },
  { code: 138022, http: 400, retry: 'wait', minWaitS: 60, meaning: 'No media sent by the client', action: 'Wait, then try again' },
  { code: 138023, http: 400, retry: 'wait', minWaitS: 60, meaning: 'Accepted but ended without media', action: 'Wait, then try again' },
  { code: 138024, http: null, retry: 'fix', minWaitS: 0, meaning: 'SIP not switched on (health status)', action: 'Correct this, then try again' },
  { code: 138025, http: null, retry: 'fix', minWaitS: 0, meaning: 'App has no SIP server configured (health status)', action: 'Correct this, then try again' },
  { code: 139000, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Flow blocked by integrity checks', action: 'Fix the flow' },
  { code: 139001, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Flow cannot be updated in its state', action: 'Fix the flow' },
  { code: 139002, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Flow cannot be published (validation, endpoint or key missing)', action: 'Fix the flow' },
  { code: 139003, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Flow cannot be deprecated in its state', action: 'Fix the flow' },
  { code: 139004, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Flow cannot be deleted in its state', action: 'Fix the flow' },
  { code: 139100, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Some or all users could not be blocked', action: 'Read the per-user list; only people who wrote in the last 24 h can be blocked' },
  { code: 139101, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Block list full (64,000)', action: 'Unblock some' },
  { code: 139102, http: 400, retry: 'backoff', minWaitS: 1, meaning: 'List changed while paging', action: 'Restart paging' },
  { code: 139103, http: 500, retry: 'backoff', minWaitS: 5, meaning: 'Internal failure', action: 'Repeat' },
  { code: 141002, http: null, retry: 'fix', minWaitS: 0, meaning: 'Template cannot be sent because it is not approved', action: 'Edit or appeal' },
  { code: 147001, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Username not available', action: 'Correct this, then try again' },
  { code: 147002, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Account may not ask for a username', action: 'Correct this, then try again' },
  { code: 147003, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Username belongs to a Facebook Page that is not linked', action: 'Correct this, then try again' },
  { code: 147004, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Username belongs to an Instagram account that is not linked', action: 'Correct this, then try again' },
  { code: 147005, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Username must be transferred first', action: 'Correct this, then try again' },
  { code: 200005, http: 400, retry: 'wait', minWaitS: 86400, meaning: 'Template insights not available yet', action: 'Hide the panel' },
  { code: 200006, http: 400, retry: 'never', minWaitS: 0, meaning: 'Template insights cannot be switched off', action: 'Nothing to do' },
  { code: 200007, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Template insights not switched on', action: 'Confirm template analytics once' },
  { code: 1752041, http: 400, retry: 'never', minWaitS: 0, meaning: 'Onboarding invitation already exists', action: 'Nothing to do' },
  { code: 2388001, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Ownership of the number not confirmed, or two-step still on', action: 'Fix what the message says' },
  { code: 2388012, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Number is already in this WABA', action: 'Fix what the message says' },
  { code: 2388019, http: 400, retry: 'fix', minWaitS: 0, meaning: 'WABA holds as many templates as it may', action: 'Delete unused templates' },
  {
    code: 2388040,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'A field is longer than allowed',
    action: 'Show error_user_title / error_user_msg next to the field. These arrive as error_subcode under code 100 in practice, so look in both places',
  },
  {
    code: 2388047,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Header format rejected',
    action: 'Show error_user_title / error_user_msg next to the field. These arrive as error_subcode under code 100 in practice, so look in both places',
  },
  {
    code: 2388072,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Body format rejected',
    action: 'Show error_user_title / error_user_msg next to the field. These arrive as error_subcode under code 100 in practice, so look in both places',
  },
  {
    code: 2388073,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Footer format rejected',
    action: 'Show error_user_title / error_user_msg next to the field. These arrive as error_subcode under code 100 in practice, so look in both places',
  },
  { code: 2388091, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Number not being migrated (code request)', action: 'Fix what the message says' },
  { code: 2388093, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Number not being migrated (code verify)', action: 'Fix what the message says' },
  { code: 2388103, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Migration precondition missing (webhook, display name, payment, review or owner)', action: 'Fix what the message says' },
  {
    code: 2388293,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'Too many variables for the number of words',
    action: 'Show error_user_title / error_user_msg next to the field. These arrive as error_subcode under code 100 in practice, so look in both places',
  },
  {
    code: 2388299,
    http: 400,
    retry: 'fix',
    minWaitS: 0,
    meaning: 'A variable stands first or last in the text',
    action: 'Show error_user_title / error_user_msg next to the field. These arrive as error_subcode under code 100 in practice, so look in both places',
  },
  { code: 2494100, http: 400, retry: 'backoff', minWaitS: 180, meaning: 'Number in maintenance mode', action: 'Repeat in a few minutes' },
  { code: 2494164, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Signup entity missing', action: 'Correct this, then try again' },
  { code: 2494165, http: 400, retry: 'fix', minWaitS: 0, meaning: 'In-app signup not enabled for this WABA', action: 'Correct this, then try again' },
  { code: 2494166, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Unknown placeholder in the confirmation text', action: 'Correct this, then try again' },
  { code: 2494167, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Placeholder has no value', action: 'Correct this, then try again' },
  { code: 2494168, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Terms not accepted', action: 'Correct this, then try again' },
  { code: 2494176, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Terms already accepted: leave policy out', action: 'Correct this, then try again' },
  { code: 2494177, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Terms link not the approved one', action: 'Correct this, then try again' },
  { code: 2494179, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Website link must be https', action: 'Correct this, then try again' },
  { code: 2593079, http: 400, retry: 'fix', minWaitS: 0, meaning: 'WABA already marked for another solution', action: 'Contact support' },
  { code: 2593085, http: 400, retry: 'fix', minWaitS: 0, meaning: 'WABA cannot move off the old ownership model', action: 'Contact support' },
  { code: 2593107, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Contacts or history sync already used (one each)', action: 'Offboard and onboard again' },
  { code: 2593108, http: 400, retry: 'fix', minWaitS: 0, meaning: 'Sync asked for later than 24 h after onboarding', action: 'Offboard and onboard again' },
  { code: 2593109, http: null, retry: 'never', minWaitS: 0, meaning: 'Business declined to share chat history (comes in a history webhook)', action: 'Show that no history will be imported' },
];

const byCode = new Map(ERROR_CODES.map((entry) => [entry.code, entry]));
const families = ERROR_CODES.filter((entry) => entry.codeTo !== undefined);

/** Refusals that every other message would meet too, until a person has acted (Cloud API, "Error codes": authorization, integrity, payment, registration). */
const ACCOUNT_WIDE: ReadonlySet<number> = new Set([0, 3, 10, 33, 102, 190, 368, 131005, 131031, 131037, 131042, 131045, 133010]);
export const isAccountWide = (code: number): boolean => ACCOUNT_WIDE.has(code) || (code >= 200 && code <= 299);

/** Pause before the first repeat when nothing better is known. */
const UNKNOWN_BACKOFF_MS = 5_000;

/** The table's row for Meta's `code`, or for the family it belongs to (200–299: permissions); null if unknown. */
export function findErrorCode(code: number): ErrorCode | null {
  return byCode.get(code) ?? families.find((family) => code >= family.code && code <= (family.codeTo ?? family.code)) ?? null;
}

/** What is known of a refusal. `code` and `httpStatus` are null where there was none (an HTML page, a status webhook). */
export type GraphRefusal = { code: number | null; httpStatus: number | null; isTransient?: boolean };

/**
 * Whether and when to repeat what Meta refused. A known code decides; an unknown one with a 5xx, a 429 or Meta's
 * `is_transient` is repeated, any other is shown and stops.
 * @returns `waitMs`: shortest pause before the first repeat; 0 for `fix` and `never`.
 */
export function judgeRetry({ code, httpStatus, isTransient = false }: GraphRefusal): { retry: Retry; waitMs: number } {
  const known = code === null ? null : findErrorCode(code);
  if (known) return { retry: known.retry, waitMs: known.minWaitS * 1000 };
  const isTemporary = isTransient || (httpStatus !== null && (httpStatus >= 500 || httpStatus === 429));
  return isTemporary ? { retry: 'backoff', waitMs: UNKNOWN_BACKOFF_MS } : { retry: 'fix', waitMs: 0 };
}
