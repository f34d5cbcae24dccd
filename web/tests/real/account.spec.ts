import { expect, test } from "@playwright/test";
import { Seat } from "./office";

test("a passkey is added, signs in, and is taken away", async ({ browser }) => {
  const seat = await Seat.take(browser, "custodian");
  const { page } = seat;
  const device = await seat.context.newCDPSession(page);
  await device.send("WebAuthn.enable");
  await device.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await seat.open("/account");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("To be filled in.")).toBeVisible();
  await page.getByLabel("Name of the passkey").fill("Exhibits desk");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("Passkey added.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Exhibits desk" })).toContainText("never used");

  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
  await seat.open("/account");
  await page.getByRole("button", { name: "Remove Exhibits desk" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No passkey.")).toBeVisible();
  await seat.leave();
});
