/** SNS's own hosts, in every partition; nobody else can put a file there. */
const SNS_HOST = /^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?$/;

/** Whether an address leads to Amazon's SNS over HTTPS: where its certificates lie, and where a subscription is confirmed. */
export function isAmazonSns(address: string | undefined): address is string {
  if (!address || !URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password } = new URL(address);
  return protocol === "https:" && SNS_HOST.test(hostname) && port === "" && username === "" && password === "";
}

/** Whether it is one of SNS's signing certificates. */
export const isSigningCertificate = (address: string | undefined): address is string =>
  isAmazonSns(address) &&
  /^\/SimpleNotificationService-[\w-]+\.pem$/.test(new URL(address).pathname) &&
  new URL(address).search === "";
