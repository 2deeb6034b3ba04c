//! The November Board, and what came of it until the end of the year.

use crate::office::Office;

pub fn record(office: &mut Office) {
    november_board(office);
    after(office);
}

fn november_board(office: &mut Office) {
    office.at("2025-11-12 17:00:00");
    office.record(
        "sam",
        "MeetingHeld --subject meeting/board-2025-11 --effective '12 November 2025' \
         --present person={cora},organisation=organisation/icb,voting=true \
         --present person={vera},organisation=organisation/mind,voting=true \
         --present 'post=Chief Operating Officer,organisation=organisation/hospitals,voting=true' \
         --present 'post=Director of Nursing,organisation=organisation/community-trust,voting=true' \
         --present 'post=Superintendent,organisation=organisation/police,voting=true' \
         --in-attendance person={sam} --apologies person={nina} \
         --chaired-by person/{cora} --quorate true --public-present 2",
    );
    office.record(
        "cora",
        "MinutesApproved --subject minutes/board-2025-09 --meeting meeting/board-2025-11 --minute 2 \
         --text '{sha256 minutes-2025-09-v2.txt}'",
    );
    office.record(
        "sam",
        "ActionClosed --subject action/carers-survey --meeting meeting/board-2025-11 --minute 4 \
         --outcome 'The survey goes to the Delivery Group'",
    );
    office.record(
        "sam",
        "DecisionMade --subject decision/two-forms --title 'Go back to two referral forms' \
         --kind agreed --body body/board --manner vote \
         --votes in_favour=4,against=1,abstained=0 --meeting meeting/board-2025-11 --minute 5",
    );
    office.record(
        "sam",
        "DecisionRescinded --subject decision/referral-form --decision decision/two-forms \
         --reason 'referrals took longer with one form' --meeting meeting/board-2025-11 --minute 5",
    );
}

fn after(office: &mut Office) {
    office.write(
        "minutes-2025-11-v1.txt",
        "Minutes of the Board, 12 November 2025, draft\n",
    );
    office.at("2025-11-19 09:30:00");
    office.record(
        "sam",
        "MinutesDrafted --subject minutes/board-2025-11 --minutes-of meeting/board-2025-11 \
         --document @minutes-2025-11-v1.txt --version 1",
    );
    office.record(
        "sam",
        "RiskClosed --subject risk/estates --reason 'the lease for Granby is signed'",
    );
    office.at("2025-12-08 10:00:00");
    office.record(
        "dev",
        "MilestoneCompleted --subject milestone/dashboard --effective '5 December 2025'",
    );
    office.record(
        "dev",
        "MilestoneCompleted --subject milestone/carers-offer --effective '6 December 2025' \
         --result 'Two rooms at Border Homes'",
    );
    office.at("2025-12-10 10:00:00");
    office.record(
        "sam",
        "PartyLeft --subject agreement/concordat --party organisation/university \
         --reason 'its health faculty closes'",
    );
    office.at("2026-03-31 12:00:00");
    office.keep("changes --body body/board --since meeting/board-2025-11");
    office.good("export --out public-bundle");
    office.good("export --out whole-bundle --include-private");
}
