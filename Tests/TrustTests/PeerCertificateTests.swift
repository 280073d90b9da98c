import TestSupport
import Testing
import Trust

/// Certificates that must not be accepted, each from both ends, and what the other end is told.
struct PeerCertificateTests {
    private let authority = TestAuthority()
    private let party: TrustedParty

    init() { party = TrustedParty(authority) }

    /// What the acceptor says of a requestor that shows this.
    private func judgement(of shown: TestAuthority.Issued) throws -> (own: TLSFault?, other: TLSFault?) {
        var pair = EnginePair(try party.requestor(shown), try party.acceptor())
        let results = pair.shakeHands()
        var other: TLSFault?
        if case .failed(let fault) = results.requestor { other = fault }
        // The requestor of TLS 1.3 has finished by then, and hears of it when it reads.
        if results.requestor == .done, case .failed(let fault) = pair.readByRequestor() { other = fault }
        guard case .failed(let own) = results.acceptor else { return (nil, other) }
        return (own, other)
    }

    private func problem(_ fault: TLSFault?) -> CertificateProblem? {
        guard case .certificate(let problem, let certificate) = fault else { return nil }
        #expect(certificate != nil)
        return problem
    }

    @Test func oneThatHasExpiredIsNotAccepted() throws {
        let told = try judgement(of: authority.issue("ct1", from: -7200, until: -3600))
        #expect(problem(told.own) == .expired)
        #expect(told.other == .alert(TLSAlert(rawValue: 45)))
        #expect(told.other?.description == "the peer does not accept our certificate (certificate expired)")
    }

    @Test func oneThatIsNotYetValidIsNotAccepted() throws {
        let told = try judgement(of: authority.issue("ct1", from: 3600, until: 7200))
        #expect(problem(told.own) == .notYetValid)
        #expect(told.other == .alert(TLSAlert(rawValue: 42)))
    }

    @Test func oneOfAnotherAuthorityIsNotAccepted() throws {
        let told = try judgement(of: TestAuthority("Another Authority").issue("ct1"))
        #expect(problem(told.own) == .unknownAuthority)
        #expect(told.other?.description == "the peer does not accept our certificate (unknown CA)")
        #expect(told.other?.remedy == "make the authority of our certificate known to the peer")
    }

    /// Same name, another key: only the signature tells.
    @Test func oneOfAnAuthorityWithTheSameNameIsNotAccepted() throws {
        let told = try judgement(of: TestAuthority().issue("ct1"))
        #expect(problem(told.own) == .unknownAuthority)
    }

    @Test func oneForServersOnlyIsNotAcceptedFromARequestor() throws {
        let told = try judgement(of: authority.issue("ct1", purposes: "serverAuth"))
        #expect(problem(told.own) == .wrongPurpose)
        #expect(told.other == .alert(TLSAlert(rawValue: 43)))
        #expect(try judgement(of: authority.issue("ct1", purposes: "serverAuth,clientAuth")).own == nil)
    }

    @Test func oneWithASmallKeyIsNotAccepted() throws {
        // A context of ours would not show it: this one is made by hand, at a lower level of security.
        let weak = authority.issue("ct1", key: .rsa(bits: 1024))
        let error = #expect(throws: TrustFault.self) { _ = try party.requestor(weak) }
        guard case .tooWeak(let certificate) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(certificate.commonName == "ct1")
        var pair = EnginePair(
            try party.requestor(), try party.acceptor { $0.authorities = try! Certificate.chain(pem: weak.certificate) }
        )
        #expect(pair.shakeHands().acceptor != .done)
    }

    @Test func noneIsNotAccepted() throws {
        let without = try party.requestor { $0.identity = nil }
        var pair = EnginePair(without, try party.acceptor())
        #expect(pair.shakeHands().acceptor == .failed(.noCertificate))
        let told = pair.readByRequestor()
        #expect(told == .failed(.alert(TLSAlert(rawValue: 116))))
        var lenient = EnginePair(without, try party.acceptor { $0.demandsCertificate = false })
        #expect(lenient.shakeHands().acceptor == .done)
        #expect(lenient.acceptor.session.certificate == nil)
    }

    /// A peer that may come without one must not come with a wrong one.
    @Test func aWrongOneIsNotAcceptedWhereNoneWouldBe() throws {
        let wrong = TestAuthority("Another Authority").issue("ct1")
        var pair = EnginePair(try party.requestor(wrong), try party.acceptor { $0.demandsCertificate = false })
        guard case .failed(let fault) = pair.shakeHands().acceptor else {
            Issue.record("it was accepted")
            return
        }
        #expect(problem(fault) == .unknownAuthority)
    }

    @Test func oneThatItsAuthorityRevokedIsNotAccepted() throws {
        let authority = TestAuthority()
        let (good, bad) = (authority.issue("ct1"), authority.issue("ct2"))
        let party = TrustedParty(authority)
        let acceptor = try party.acceptor { $0.revocationLists = [authority.revocationList(of: [1])] }
        var revoked = EnginePair(try party.requestor(bad), acceptor)
        guard case .failed(let fault) = revoked.shakeHands().acceptor else {
            Issue.record("it was accepted")
            return
        }
        #expect(problem(fault) == .revoked)
        var other = EnginePair(try party.requestor(good), acceptor)
        #expect(other.shakeHands().acceptor == .done)
        #expect(throws: TrustFault.noRevocationList) { try party.acceptor { $0.revocationLists = [[1, 2, 3]] } }
    }

    @Test func theTimeOfJudgementIsAParameter() throws {
        let now = try #require(try party.authorities().first).notBefore + 86400
        let late = try party.acceptor { $0.time = now + 2 * 86400 }
        var pair = EnginePair(try party.requestor(), late)
        guard case .failed(let fault) = pair.shakeHands().acceptor else {
            Issue.record("it was accepted")
            return
        }
        #expect(problem(fault) == .expired)
    }

    // MARK: What a requestor demands of an acceptor

    private func judgement(
        calling name: String?, expecting expected: [CertificatePattern] = [], _ shown: TestAuthority.Issued? = nil
    ) throws -> TLSFault? {
        var pair = EnginePair(
            try party.requestor(), try party.acceptor(shown), serverName: name, expecting: expected)
        guard case .failed(let fault) = pair.shakeHands().requestor else { return nil }
        return fault
    }

    @Test func anAcceptorMustHaveTheNameThatWasCalled() throws {
        #expect(try judgement(calling: "gateway.example") == nil)
        #expect(try judgement(calling: "127.0.0.1") == nil)
        #expect(problem(try judgement(calling: "other.example")) == .wrongName("other.example"))
        #expect(problem(try judgement(calling: "127.0.0.2")) == .wrongName("127.0.0.2"))
        #expect(problem(try judgement(calling: "example")) == .wrongName("example"))
    }

    @Test func anAcceptorMustBeOneOfThoseExpected() throws {
        let own = try #require(try Certificate.chain(pem: party.gateway.certificate).first)
        // Which certificate it is says more than its name.
        #expect(try judgement(calling: "other.example", expecting: [.fingerprint(own.fingerprint)]) == nil)
        #expect(try judgement(calling: nil, expecting: [.dnsName("x"), .dnsName("gateway.example")]) == nil)
        let patterns = [CertificatePattern.commonName("Another")]
        let fault = try judgement(calling: "gateway.example", expecting: patterns)
        #expect(problem(fault) == .notExpected(patterns))
        #expect(fault?.description.hasSuffix("is not accepted: expected is cn:Another") == true)
    }

    @Test func oneForClientsOnlyIsNotAcceptedFromAnAcceptor() throws {
        let shown = authority.issue("Gateway", names: ["gateway.example"], purposes: "clientAuth")
        #expect(problem(try judgement(calling: "gateway.example", shown)) == .wrongPurpose)
    }

    /// Two ends that know each other's certificates need no authority.
    @Test func aPeersOwnCertificateMayStandForItsAuthority() throws {
        let modality = try Certificate.chain(pem: party.modality.certificate)
        let acceptor = try party.acceptor { $0.authorities = modality }
        var good = EnginePair(try party.requestor(), acceptor)
        #expect(good.shakeHands().acceptor == .done)
        var other = EnginePair(try party.requestor(authority.issue("ct2")), acceptor)
        #expect(other.shakeHands().acceptor != .done)
    }
}
